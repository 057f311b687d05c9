#!/bin/sh
# The script itself is in our tree, where it is tested.
set -eu
exec "$SRC/notifyspec/fuzz/oss-fuzz.sh"
