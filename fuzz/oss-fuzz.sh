#!/bin/sh
# Builds the fuzz targets for an engine that runs them at scale (OSS-Fuzz, ClusterFuzzLite), as its builder calls it:
# with $CC, $CXX, $CFLAGS, $CXXFLAGS and $LIB_FUZZING_ENGINE. What it leaves in $OUT is, for each target, the program, its
# seeds as an archive, its options, and the dictionary.
#
# usage: oss-fuzz.sh [TARGET...]      all, if none is named
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
: "${OUT:?the folder to build into}" "${LIB_FUZZING_ENGINE:?what a target is linked with}"
work=${WORK:-$OUT/work}
mkdir -p "$OUT" "$work"

cmake -S "$source" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=None \
  -DNOTIFYSPEC_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" >"$work/configure.log" || { cat "$work/configure.log" >&2; exit 1; }
list=$(sed -n '/^set(NOTIFYSPEC_FUZZ_TARGETS/,/)/p' "$source/fuzz/CMakeLists.txt" | sed 's/set(NOTIFYSPEC_FUZZ_TARGETS//; s/)//')
[ $# -eq 0 ] || list=$*

# The dictionary is made of the table of fields.
sed -n 's/^ *Field{"\([A-Z_]*\)".*/"\1="/p' "$source/conformance/field/field.cc" >"$work/fields.dict"
for target in $list; do
  ninja -C "$work/build" "fuzz_$target" >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
  cp "$work/build/fuzz/fuzz_$target" "$OUT/"
  cp "$work/fields.dict" "$OUT/fuzz_$target.dict"
  cp "$source/fuzz/options/$target.options" "$OUT/fuzz_$target.options"
  set -- "$source/fuzz/seeds/$target"
  [ ! -d "$source/fuzz/regressions/$target" ] || set -- "$@" "$source/fuzz/regressions/$target"
  [ "$target" != boot ] || set -- "$@" "$source/fixtures/traces"
  zip -jqr "$OUT/fuzz_${target}_seed_corpus.zip" "$@"
done
