// Makes the calls that caller.py asks for, with the package notify of iguanesolutions/go-systemd. It cannot
// unset the variable; whether it is set it says once, and its nil does not tell.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	sysdnotify "github.com/iguanesolutions/go-systemd/notify"
)

func unsupported(reason string) {
	fmt.Fprintln(os.Stderr, reason)
	os.Exit(64)
}

func call(unset bool, word string) string {
	if unset {
		unsupported("it has no way to unset the variable")
	}
	state, _ := hex.DecodeString(word)
	send := func() error { return sysdnotify.Send(string(state)) }
	if word == "reloading" {
		send = sysdnotify.Reloading
	}
	if send() != nil {
		return "negative"
	}
	if sysdnotify.IsEnabled() {
		return "positive"
	}
	return "zero"
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		unset, word, _ := strings.Cut(lines.Text(), " ")
		fmt.Println(call(unset == "1", word))
	}
	if _, set := os.LookupEnv("NOTIFY_SOCKET"); set {
		fmt.Println("set")
	} else {
		fmt.Println("unset")
	}
}
