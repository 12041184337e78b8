// SPDX-License-Identifier: Apache-2.0

// client METHOD URL TIMES GAP PATIENCE asks as Go's net/http does, with standard input as the body of the request. It writes
// the last response's body to standard output, "status=…" and its error to standard error; exit code 28: out of patience.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"
)

func main() {
	sent, err := io.ReadAll(os.Stdin)
	check(err)
	times, err := strconv.Atoi(os.Args[3])
	check(err)
	gap, err := time.ParseDuration(os.Args[4])
	check(err)
	patience, err := time.ParseDuration(os.Args[5])
	check(err)
	client := &http.Client{Timeout: patience, Transport: &http.Transport{}}
	var got []byte
	for i := 0; i < times; i++ {
		if i > 0 {
			time.Sleep(gap)
		}
		got, err = ask(client, os.Args[1], os.Args[2], sent)
	}
	os.Stdout.Write(got)
	check(err)
}

func ask(client *http.Client, method, url string, sent []byte) ([]byte, error) {
	request, err := http.NewRequest(method, url, bytes.NewReader(sent))
	check(err)
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	fmt.Fprintf(os.Stderr, "\nstatus=%d\n", response.StatusCode)
	return io.ReadAll(response.Body)
}

func check(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		os.Exit(28)
	}
	os.Exit(1)
}
