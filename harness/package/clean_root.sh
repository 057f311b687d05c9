#!/bin/sh
# Runs a command as root of a system that it may write to: what it writes is in memory, and ends with it.
#
# usage: clean_root.sh ROOT SHARE COMMAND...     (in mount and pid namespaces of its own)
# SHARE is there as /share.
set -eu
root=$1 share=$2
shift 2
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o "lowerdir=$root,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root
mount --rbind /dev /mnt/root/dev
mount -t proc proc /mnt/root/proc
mount -t sysfs -o ro sysfs /mnt/root/sys
mount -t tmpfs tmpfs /mnt/root/tmp
chmod 1777 /mnt/root/tmp
mkdir /mnt/root/share
mount --bind "$share" /mnt/root/share
exec chroot /mnt/root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb "$@"
