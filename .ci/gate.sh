#!/usr/bin/env bash
# What the CI of others runs, on GitHub and GitLab: the gate, as root, told by a text; and what it left shown and handed on.
#
#   gate.sh OUT TEXT...   words of a TEXT are parted by blanks and ends of lines; quotes and backslashes are as in a shell,
#                         and nothing is expanded
set -euo pipefail
suite=$(dirname "$(dirname "$(readlink -f "$0")")")
out=$1
shift
split=$(printf '%s\n' "$@" | xargs -r printf '%s\n') || {
  printf 'gate: a quote that does not end on its line, in: %s\n' "$*" >&2
  exit 2
}
words=()
[ -z "$split" ] || mapfile -t words <<<"$split"

# The programs that an adapter needs are on our PATH, which sudo would not keep.
with=("PATH=$PATH" "HOME=$HOME")
if command -v ccache >/dev/null; then
  # A tree that was built without it would be built anew, whole, for the launcher's sake.
  [ -e "$suite/build/release/CMakeCache.txt" ] || with+=(CMAKE_CXX_COMPILER_LAUNCHER=ccache)
  with+=(CCACHE_COMPILERCHECK=content CCACHE_MAXSIZE=200M)
  with+=("CCACHE_DIR=$("$suite/.ci/kept.sh" folder)/ccache" "CCACHE_BASEDIR=$suite" CCACHE_NOHASHDIR=1)
fi
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo --preserve-env)

code=0
"${as_root[@]}" env "${with[@]}" "$suite/run" gate "${words[@]}" --out "$out" || code=$?

# Whoever uploads it, and clears the machine afterwards, is not root.
for each in "$out" "$suite/build"; do
  [ ! -e "$each" ] || "${as_root[@]}" chown -R "$(id -u):$(id -g)" "$each"
done
report=
if [ -e "$out/report.md" ]; then
  report=$out/report.md
  # A summary of more than a mebibyte is refused whole.
  head -c 1000000 "$report" >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
fi
[ -z "${GITHUB_OUTPUT:-}" ] || printf 'exit-code=%s\nreport=%s\n' "$code" "$report" >>"$GITHUB_OUTPUT"
exit "$code"
