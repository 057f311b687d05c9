// A receiver as services write it in Go: net.ListenUnixgram, ReadMsgUnix with room for credentials,
// strings.Split, and a look into a map.
//
// usage: receiver FIELD...     (the names that it knows; requests and answers: bench/peer.py)
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const limit = 4096

type request struct {
	Task    string `json:"task"`
	Count   int    `json:"count"`
	Payload string `json:"payload"` // messages in base64, a space between them
}

type answer struct {
	Ns    int64 `json:"ns"`
	Lines int   `json:"lines"`
	Known int   `json:"known"`
}

type receiver struct {
	fields   map[string]int
	conn     *net.UnixConn
	sender   int
	buffer   []byte
	controls []byte
	burst    int
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "receiver.go:", err)
		os.Exit(5)
	}
}

func newReceiver(names []string) *receiver {
	r := &receiver{fields: map[string]int{}, buffer: make([]byte, limit), burst: 8}
	r.controls = make([]byte, syscall.CmsgSpace(syscall.SizeofUcred))
	for place, name := range names {
		r.fields[name] = place
	}
	if said, err := strconv.Atoi(os.Getenv("NOTIFYSPEC_BURST")); err == nil {
		r.burst = said
	}
	name := fmt.Sprintf("@notifyspec/bench/go/%d", os.Getpid())
	var err error
	r.conn, err = net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	check(err)
	raw, err := r.conn.SyscallConn()
	check(err)
	var failed error
	check(raw.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_PASSCRED, 1)
	}))
	check(failed)
	// Not of package net, which would wait for ever where the queue is full.
	r.sender, err = syscall.Socket(syscall.AF_UNIX, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	check(err)
	check(syscall.Connect(r.sender, &syscall.SockaddrUnix{Name: name}))
	return r
}

func lines(payload []byte) []string {
	text := strings.TrimSuffix(string(payload), "\n")
	if text == "" && len(payload) == 0 {
		return nil
	}
	return strings.Split(text, "\n")
}

func (r *receiver) split(payload []byte, seen *answer) {
	seen.Lines += len(lines(payload))
}

func (r *receiver) classify(payload []byte, seen *answer) {
	for _, line := range lines(payload) {
		seen.Lines++
		name, _, found := strings.Cut(line, "=")
		if !found {
			continue
		}
		if _, known := r.fields[name]; known {
			seen.Known++
		}
	}
}

// One datagram, of which a sender is known that the kernel vouches for.
func (r *receiver) take(seen *answer) {
	n, nControls, flags, _, err := r.conn.ReadMsgUnix(r.buffer, r.controls)
	check(err)
	if flags&(syscall.MSG_TRUNC|syscall.MSG_CTRUNC) != 0 {
		return
	}
	controls, err := syscall.ParseSocketControlMessage(r.controls[:nControls])
	check(err)
	for i := range controls {
		if _, err := syscall.ParseUnixCredentials(&controls[i]); err == nil {
			r.classify(r.buffer[:n], seen)
			return
		}
	}
}

func (r *receiver) receive(payloads [][]byte, count int) (seen answer) {
	next := 0
	for left := count * len(payloads); left > 0; left -= r.burst {
		burst := r.burst
		if left < burst {
			burst = left
		}
		for i := 0; i < burst; i++ {
			_, err := syscall.SendmsgN(r.sender, payloads[next], nil, nil, syscall.MSG_DONTWAIT)
			next = (next + 1) % len(payloads)
			if err == syscall.EAGAIN {
				err = fmt.Errorf("cannot send: is net.unix.max_dgram_qlen less than the burst?")
			}
			check(err)
		}
		began := time.Now()
		for i := 0; i < burst; i++ {
			r.take(&seen)
		}
		seen.Ns += time.Since(began).Nanoseconds()
	}
	return seen
}

func work(do func([]byte, *answer), payloads [][]byte, count int) (seen answer) {
	began := time.Now()
	for i := 0; i < count; i++ {
		for _, payload := range payloads {
			do(payload, &seen)
		}
	}
	seen.Ns = time.Since(began).Nanoseconds()
	return seen
}

func (r *receiver) answer(asked request) any {
	var payloads [][]byte
	for _, word := range strings.Split(asked.Payload, " ") {
		payload, err := base64.StdEncoding.DecodeString(word)
		check(err)
		payloads = append(payloads, payload)
	}
	switch asked.Task {
	case "split":
		return work(r.split, payloads, asked.Count)
	case "classify":
		return work(r.classify, payloads, asked.Count)
	case "receive":
		return r.receive(payloads, asked.Count)
	}
	return map[string]string{"unsupported": "it has no such task"}
}

func main() {
	r := newReceiver(os.Args[1:])
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var asked request
		check(json.Unmarshal(in.Bytes(), &asked))
		check(out.Encode(r.answer(asked)))
	}
	check(in.Err())
}
