// Makes the calls that caller.py asks for, with SdNotify of go-systemd.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"github.com/coreos/go-systemd/daemon"
)

func unsupported(reason string) {
	fmt.Fprintln(os.Stderr, reason)
	os.Exit(64)
}

func call(unset bool, word string) string {
	if word == "reloading" {
		unsupported("it has a word for a reload, and no call")
	}
	state, _ := hex.DecodeString(word)
	sent, err := daemon.SdNotify(unset, string(state))
	if err != nil {
		return "negative"
	}
	if sent {
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
