#!/bin/sh
# What somebody does who has just got the package: installs it, looks around, and puts a sender before the gate, as a
# user without privileges. /share has the package, and a folder `mine` with the sender and its adapter.toml.
set -eu
say() { echo "trial: $*"; }

apt-get -qq -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 install --no-install-recommends /share/notifyspec_*.deb
say "installed $(dpkg-query -W -f '${Version}, ${Installed-Size} kB' notifyspec)"
command -v cc gcc go mmdebstrap systemd-nspawn && exit 1

printf 'READY=1\nSTATUS=up' | notifyspec decode
notifyspec list requirements | wc -l
notifyspec-gate --list >/dev/null

# What cannot run here says so, and with what it could: exit code 5.
code=0
notifyspec-gate 257/halt --out /tmp/boot || code=$?
[ "$code" = 5 ] || { say "a boot without systemd-nspawn ended with $code"; exit 1; }

useradd --create-home someone
cp -r /share/mine /home/someone/mine
cd /home/someone
runuser -u someone -- notifyspec-gate ./mine
cp -rL notifyspec-runs/latest /share/run
