#!/bin/sh
# Builds the crate and all that it needs as Debian packages them, and the program that calls it: no registry is asked.
# usage: make.sh MADE
set -eu
made=$1
mkdir -p "$made/package"
cat >"$made/package/Cargo.toml" <<TOML
[package]
name = "call"
version = "0.0.0"
edition = "2021"
[[bin]]
name = "call"
path = "$PWD/main.rs"
[dependencies]
libsystemd = "*"
TOML
cd "$made/package"
export RUSTC=/usr/bin/rustc CARGO_HOME="$made/cargo"
/usr/bin/cargo build --quiet --offline --target-dir "$made/target" \
  --config 'source.crates-io.replace-with="debian"' \
  --config 'source.debian.directory="/usr/share/cargo/registry"'
cp "$made/target/debug/call" "$made/call"
