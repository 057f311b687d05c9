#!/bin/sh
# The smallest adapter in shell. It speaks for the command systemd-notify, where one text goes to somebody.
one='.do == "send" and .environment != null and (.steps | length == 1 and .[0] == {call: "notify", state: .[0].state})'
# shellcheck disable=SC2154 # the line says what they are
while IFS= read -r line; do
  eval "$(printf '%s\n' "$line" | jq -r "if $one then .do = \"send one\" else . end |
    @sh \"seq=\(.seq) do=\(.do) address=\(.environment // \"\") state=\(.steps[0].state // \"\")\"")"
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
