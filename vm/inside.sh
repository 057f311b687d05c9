#!/bin/sh
# Runs a command in a root that nothing is written to, without booting it.
#
# usage: inside.sh ROOT SHARE COMMAND...     (in a mount namespace of its own)
# The root is read-only, with our /dev and /proc and an empty /tmp; SHARE, a folder below /tmp, is there under the same path.
set -eu
root=$1 share=$2
shift 2

mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mkdir -p "$root$share"
mount --bind "$share" "$root$share"

exec chroot "$root" "$@"
