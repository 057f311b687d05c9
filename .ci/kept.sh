#!/usr/bin/env bash
# What one run in CI keeps for the next: images of systemd and what was compiled, as one archive that root packs. The
# caches of CI pack as a user who cannot read all of an image, and would hand it back as that user's.
#
#   kept.sh need             installs what this and the compiling need
#   kept.sh folder           where it lies between unpacking and packing
#   kept.sh unpack ARCHIVE   nothing is amiss where there is none
#   kept.sh pack ARCHIVE     and prints a name of its content; where nothing is new, it leaves ARCHIVE alone, and says nothing
set -euo pipefail
suite=$(dirname "$(dirname "$(readlink -f "$0")")")
export NOTIFYSPEC_CACHE=${NOTIFYSPEC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/notifyspec}
folder=$NOTIFYSPEC_CACHE
as_it_is=(--zstd --numeric-owner --xattrs '--xattrs-include=*')

say() { printf 'kept: %s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

need() {
  local install=(apt-get install -y --no-install-recommends zstd ccache)
  if command -v zstd && command -v ccache; then return; fi >/dev/null
  as_root "${install[@]}" >/dev/null 2>&1 </dev/null ||
    { as_root apt-get update && as_root "${install[@]}"; } >/dev/null </dev/null ||
    say "zstd or ccache is missing: nothing is kept"
}

unpack() {
  local new=$folder/.unpacking each
  as_root rm -rf "$new" "$folder/kept"
  [ -e "$1" ] || { say "nothing was kept so far"; return; }
  as_root mkdir -p "$new" "$folder/images"
  # Moved when it is whole: half an image would look like one.
  if as_root tar --extract "${as_it_is[@]}" --directory "$new" --file "$1"; then
    for each in "$new"/images/* "$new"/ccache "$new"/kept; do
      [ ! -e "$each" ] || [ -e "$folder/${each#"$new"/}" ] || as_root mv "$each" "$folder/${each#"$new"/}"
    done
  else
    say "$1 cannot be read; going on without"
  fi
  as_root rm -rf "$new"
}

# Names of the images that are still asked for, and of compiled objects.
contents() {
  PYTHONPATH=$suite PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -P -m vm.kept
  [ ! -e "$folder/ccache" ] || (cd "$folder" && as_root find ccache -type f -name '*R' | LC_ALL=C sort)
}

pack() {
  local names name members
  names=$(contents)
  [ -n "$names" ] || return 0
  name=$(sha256sum <<<"$names" | cut -c1-16)
  [ "$name" != "$(cat "$folder/kept" 2>/dev/null)" ] || return 0
  as_root tee "$folder/kept" <<<"$name" >/dev/null
  mapfile -t members < <(cut -d/ -f1,2 <<<"$names" | sed 's|^ccache/.*|ccache|' | sort -u)
  mkdir -p "$(dirname "$1")"
  as_root tar --create "${as_it_is[@]}" --directory "$folder" --file "$1.part" -- kept "${members[@]}"
  as_root chown "$(id -u):$(id -g)" "$1.part"
  mv "$1.part" "$1"
  printf '%s\n' "$name"
}

case ${1:-} in
  need) need ;;
  folder) printf '%s\n' "$folder" ;;
  unpack | pack) "$1" "$2" ;;
  *)
    say "need, folder, unpack ARCHIVE or pack ARCHIVE"
    exit 2
    ;;
esac
