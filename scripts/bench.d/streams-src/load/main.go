// SPDX-License-Identifier: Apache-2.0

// Load opens many streams of /correct at once, reads each to its end, and prints one line of JSON: how many failed, how
// late the chunks were against an absolute schedule from the request on, and the server's resident memory.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	chunks = 5
	period = time.Second
	// Loopback has many addresses. A run takes its own: the ports of the last run wait for a minute, and while thousands of an
	// address do, the kernel looks long for a free one; that made chunks seconds late.
	perAddress = 500
)

type result struct {
	Streams    int     `json:"streams"`
	Failed     int64   `json:"failed"`
	FirstError string  `json:"firstError,omitempty"`
	Concurrent int64   `json:"concurrent"`
	P50        float64 `json:"p50ms"`
	P99        float64 `json:"p99ms"`
	Max        float64 `json:"maxms"`
	IdleKB     int     `json:"idleKB"`
	PeakKB     int     `json:"peakKB"`
}

func main() {
	port := flag.Int("port", 0, "the server's port on 127.0.0.1")
	pid := flag.Int("pid", 0, "the server's process")
	count := flag.Int("streams", 9000, "how many streams")
	ramp := flag.Duration("ramp", 2*time.Second, "the time over which they begin")
	warmup := flag.Int("warmup", 0, "how many streams run first, unmeasured but for memory")
	flag.Parse()

	r := result{Streams: *count, IdleKB: residentKB(*pid)}
	if *warmup > 0 {
		run(*port, *pid, *warmup, *ramp, &result{})
	}
	run(*port, *pid, *count, *ramp, &r)
	json.NewEncoder(os.Stdout).Encode(r)
}

func run(port, pid, count int, ramp time.Duration, r *result) {
	var open, most atomic.Int64
	var errors sync.Map
	lateness := make([][chunks]time.Duration, count)
	completed := make([]bool, count)

	stop := make(chan struct{})
	sampled := make(chan struct{})
	go func() {
		defer close(sampled)
		for {
			r.PeakKB = max(r.PeakKB, residentKB(pid))
			if n := open.Load(); n > most.Load() {
				most.Store(n)
			}
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()

	var all sync.WaitGroup
	begin := time.Now()
	for i := range count {
		time.Sleep(time.Until(begin.Add(ramp * time.Duration(i) / time.Duration(count))))
		all.Add(1)
		go func() {
			defer all.Done()
			err := stream(port, i, &open, &lateness[i])
			if err == nil {
				completed[i] = true
			} else {
				errors.LoadOrStore("first", err)
			}
		}()
	}
	all.Wait()
	close(stop)
	<-sampled

	var late []time.Duration
	for i, done := range completed {
		if done {
			late = append(late, lateness[i][:]...)
		} else {
			r.Failed++
		}
	}
	if first, any := errors.Load("first"); any {
		r.FirstError = first.(error).Error()
	}
	r.Concurrent = most.Load()
	if len(late) > 0 {
		sort.Slice(late, func(a, b int) bool { return late[a] < late[b] })
		r.P50 = milliseconds(late[len(late)/2])
		r.P99 = milliseconds(late[len(late)*99/100])
		r.Max = milliseconds(late[len(late)-1])
	}
}

// stream reads one response; every chunk must come, in order, and then the last-chunk.
func stream(port, number int, open *atomic.Int64, late *[chunks]time.Duration) error {
	run := os.Getpid() % 65536
	dialer := net.Dialer{
		Timeout:   30 * time.Second,
		LocalAddr: &net.TCPAddr{IP: net.IPv4(127, byte(run>>8), byte(run), byte(1+number/perAddress))},
	}
	conn, err := dialer.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(60 * time.Second))
	sent := time.Now()
	if _, err := conn.Write([]byte("GET /correct HTTP/1.1\r\nHost: localhost\r\n\r\n")); err != nil {
		return err
	}
	var seen []byte
	buffer := make([]byte, 512)
	read := func(until string) error {
		for !bytes.Contains(seen, []byte(until)) {
			n, err := conn.Read(buffer)
			if err != nil {
				return err
			}
			seen = append(seen, buffer[:n]...)
		}
		seen = seen[bytes.Index(seen, []byte(until))+len(until):]
		return nil
	}
	if err := read("\r\n\r\n"); err != nil {
		return err
	}
	open.Add(1)
	defer open.Add(-1)
	for i := range chunks {
		if err := read("6\r\nChunk\n\r\n"); err != nil {
			return err
		}
		late[i] = time.Since(sent) - period*time.Duration(i+1)
	}
	return read("0\r\n\r\n")
}

func residentKB(pid int) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmRSS:") {
			kb, _ := strconv.Atoi(strings.Fields(line)[1])
			return kb
		}
	}
	return 0
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}
