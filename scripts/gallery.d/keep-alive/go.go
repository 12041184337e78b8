// Go's net/http: an idle connection before and after the recipe.
package main

import (
	"io"
	"net/http"
	"os"
	"time"
)

func before(address string) *http.Server {
	server := &http.Server{Addr: address, ReadTimeout: 5 * time.Second}
	return server
}

func after(address string) *http.Server {
	server := &http.Server{Addr: address, ReadTimeout: 5 * time.Second, IdleTimeout: 3700 * time.Second}
	return server
}

func main() {
	http.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hi") })
	variants := map[string]func(string) *http.Server{"before": before, "after": after}
	panic(variants[os.Args[1]]("127.0.0.1:" + os.Args[2]).ListenAndServe())
}
