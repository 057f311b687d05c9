#!/bin/sh
# Fetches a package of the same version as an image's systemd, from where the image has its packages, and unpacks it.
#
# usage: layer.sh IMAGE PACKAGE OUT     (in a mount namespace of its own; the image is not written to)
set -eu
image=$1 package=$2 out=$3
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o "lowerdir=$image,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root
cp -L /etc/resolv.conf /mnt/root/etc/resolv.conf
cp -r /etc/apt/apt.conf.d/. /mnt/root/etc/apt/apt.conf.d/
mount --rbind /dev /mnt/root/dev
mount -t proc proc /mnt/root/proc
mkdir /mnt/root/fetched
# shellcheck disable=SC2016 # the shell within the root is to expand it
chroot /mnt/root sh -euc '
  cd /fetched
  apt-get -qq -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root update
  apt-get -qq -o APT::Sandbox::User=root download "$1=$(dpkg-query -W -f "\${Version}" systemd)"
' sh "$package"
dpkg -x /mnt/root/fetched/*.deb "$out"
