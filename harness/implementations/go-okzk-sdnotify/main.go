// Makes the calls that caller.py asks for, with okzk/sdnotify. It cannot unset the variable, and has an
// error of its own for "not set", which is what zero means.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"github.com/okzk/sdnotify"
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
	send := func() error { return sdnotify.SdNotify(string(state)) }
	if word == "reloading" {
		send = sdnotify.Reloading
	}
	switch send() {
	case nil:
		return "positive"
	case sdnotify.ErrSdNotifyNoSocket:
		return "zero"
	default:
		return "negative"
	}
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
