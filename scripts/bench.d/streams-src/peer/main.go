// SPDX-License-Identifier: Apache-2.0

// Peer serves the stream of /correct the way one writes it with net/http: a handler that sleeps between flushes.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

func main() {
	http.HandleFunc("/correct", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "Keep-Alive")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		flusher := w.(http.Flusher)
		flusher.Flush()
		for i := 0; i < 5; i++ {
			time.Sleep(time.Second)
			io.WriteString(w, "Chunk\n")
			flusher.Flush()
		}
		time.Sleep(100 * time.Millisecond)
	})
	http.HandleFunc("/ready", func(w http.ResponseWriter, r *http.Request) {})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, nil))
}
