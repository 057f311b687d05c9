#!/bin/sh
# Runs a command in a cgroup and in namespaces of its own, so that nothing of it outlives its owner.
#
# usage: setpriv --pdeathsig KILL enclose.sh OWNER CGROUP UNSHARE-OPTION... COMMAND...
set -eu
owner=$1 cgroup=$2
shift 2

# The death signal counts from when it was asked for: an owner that had died before would never be noticed.
[ "$PPID" = "$owner" ] || exit 1

[ -z "$cgroup" ] || echo $$ > "$cgroup/cgroup.procs"
exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc --ipc "$@"
