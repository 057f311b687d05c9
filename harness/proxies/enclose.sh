#!/bin/bash
# Runs an adapter of a proxy where nothing that a container runtime does outlives it.
#
# usage: enclose.sh CGROUP SHARE COMMAND...
# Below the mount, pid, ipc and cgroup namespaces: cgroup2 alone, and an empty /run; of SHARE nothing is changed.
set -eu
cgroup=$1 share=$2
shift 2

if [ "${NOTIFYSPEC_INNER:-}" != 1 ]; then
  echo $$ > "$cgroup/cgroup.procs"
  export NOTIFYSPEC_INNER=1
  exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc --ipc --cgroup -- "$0" "$cgroup" "$share" "$@"
fi
unset NOTIFYSPEC_INNER
umount --recursive /sys/fs/cgroup || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs -o mode=0755 tmpfs /run
mount -t tmpfs -o mode=0755 tmpfs /var/lib/containers 2> /dev/null || true
cd "$share"
exec "$@"
