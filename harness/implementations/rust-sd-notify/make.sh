#!/bin/sh
# Builds the crate as Debian packages it, and the program that calls it: no registry is asked.
# usage: make.sh MADE
set -eu
made=$1
for crate in /usr/share/cargo/registry/sd-notify-*/; do
  /usr/bin/rustc --edition 2021 --cap-lints allow --crate-type rlib --crate-name sd_notify --out-dir "$made" "${crate}src/lib.rs"
done
/usr/bin/rustc --edition 2021 --extern sd_notify="$made/libsd_notify.rlib" -o "$made/call" main.rs
