#!/bin/sh
# The smallest adapter in shell. It speaks for the command systemd-notify, where one text goes to somebody.
# One jq makes of each request a line that sets variables; a newline within one stands there as "$newline".
# shellcheck disable=SC2034 # the line uses it
newline='
'
# shellcheck disable=SC2016,SC2154 # it is for jq to read; and the line says what they are
jq --null-input --unbuffered --raw-output --arg newline "'\"\$newline\"'" '
  label $stop | inputs |
  if .do == "send" and .environment != null and (.steps | length == 1 and .[0] == {call: "notify", state: .[0].state})
  then .do = "send one" else . end |
  (@sh "seq=\(.seq) do=\(.do) address=\(.environment // "") state=\(.steps[0].state // "")" | gsub("\n"; $newline)),
  if .do == "stop" then break $stop else empty end' | while IFS= read -r line; do
  eval "$line"
  answer='"unsupported": "not known here"' returned=positive
  case $do in
    start) answer='"name": "systemd-notify", "version": "unknown", "role": "sender"' ;;
    stop) printf '{"seq": %s}\n' "$seq" && exit ;;
    "send one")
      NOTIFY_SOCKET=$address systemd-notify --no-block -- "$state" 2>/dev/null || returned=negative
      answer='"returns": ["'$returned'"], "environment": "set"' ;;
  esac
  printf '{"seq": %s, %s}\n' "$seq" "$answer"
done
