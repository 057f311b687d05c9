#!/bin/bash
# First process within the namespaces of vm/enclose.sh: lays out what a container needs, and becomes nspawn.
#
# usage: furnish.sh CLAIM IMAGE COMMAND...     (standard input: a pipe that our owner never writes to)
# Gives COMMAND /run/notifyspec/root (image + planted files + a writable layer in memory) and /run/notifyspec/share.
set -eu
claim=$1 image=$2
shift 2

# Our owner may have died before the kernel was told to kill us with it; then the pipe has ended.
if read -r -t 0; then exit 1; fi

# Only this cgroup and those below, and only as cgroup2, whatever mixture the host has. What is there goes first: the
# kernel mounts no cgroup2 over another.
umount --recursive /sys/fs/cgroup || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup

cd "$claim"
mount -t tmpfs -o mode=0755 tmpfs private
mkdir private/image private/upper private/work private/root private/share private/plant
mount --bind share private/share
mount --bind plant private/plant
mount --bind "$image" private/image
cd private
mount -c -t overlay -o lowerdir=plant:image,upperdir=upper,workdir=work overlay root

# nspawn keeps notes of its containers under /run, and finds those of others there: give it an empty one.
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir /run/notifyspec
mount -c --rbind . /run/notifyspec
cd /

exec "$@" < /dev/null
