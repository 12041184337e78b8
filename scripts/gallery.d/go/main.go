// Go's net/http: the cases, and before and after each recipe.
package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"unicode/utf8"
)

const text = "déjà vu"

func parts(w http.ResponseWriter) {
	io.WriteString(w, "hello, ")
	w.(http.Flusher).Flush()
	io.WriteString(w, "world")
}

// answers registers a case: its fields, then its body, whole or in parts.
func answers(path string, status int, body string, fields ...string) {
	http.HandleFunc("/"+path, func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(fields); i += 2 {
			w.Header().Add(fields[i], fields[i+1])
		}
		w.WriteHeader(status)
		if body == "parts" {
			parts(w)
		} else {
			io.WriteString(w, body)
		}
	})
}

func chunkedBefore(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Transfer-Encoding", "Chunked")
	w.Header().Set("Content-Type", "text/plain")
	parts(w)
}

func chunkedAfter(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	parts(w)
}

func gzipBefore(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Transfer-Encoding", "gzip, chunked")
	compressed := gzip.NewWriter(w)
	defer compressed.Close()
	io.WriteString(compressed, text)
}

func gzipAfter(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	compressed := gzip.NewWriter(w)
	defer compressed.Close()
	io.WriteString(compressed, text)
}

func lengthBefore(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", strconv.Itoa(utf8.RuneCountInString(text)))
	io.WriteString(w, text)
}

func lengthAfter(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	io.WriteString(w, text)
}

func main() {
	upstream, err := url.Parse(os.Getenv("UPSTREAM"))
	if err != nil {
		panic(err)
	}
	answers("ok", 200, "hi", "Content-Type", "text/plain")
	answers("stream", 200, "parts", "Content-Type", "text/plain")
	answers("te", 200, "parts", "Transfer-Encoding", "chunked")
	answers("te-small", 200, "hi", "Transfer-Encoding", "chunked")
	answers("te-cap", 200, "parts", "Transfer-Encoding", "Chunked")
	answers("te-cl", 200, "hi", "Transfer-Encoding", "chunked", "Content-Length", "2")
	answers("te-gzip", 200, "parts", "Transfer-Encoding", "gzip, chunked")
	answers("te2", 200, "parts", "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked")
	answers("204-te", 204, "", "Transfer-Encoding", "chunked")
	answers("204-cl", 204, "", "Content-Length", "2")
	answers("cl-short", 200, "hi", "Content-Length", "9")
	answers("cl-long", 200, "hi", "Content-Length", "1")
	answers("cl2", 200, "hi", "Content-Length", "2", "Content-Length", "2")
	http.HandleFunc("/chunked/before", chunkedBefore)
	http.HandleFunc("/chunked/after", chunkedAfter)
	http.HandleFunc("/gzip/before", gzipBefore)
	http.HandleFunc("/gzip/after", gzipAfter)
	http.HandleFunc("/length/before", lengthBefore)
	http.HandleFunc("/length/after", lengthAfter)
	http.Handle("/proxy", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(upstream)
		r.Out.URL.Path = "/chunked"
	}})
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
