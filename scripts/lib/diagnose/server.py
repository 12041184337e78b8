"""A server for the tests of diagnose: how it answers is its only argument."""

import http.server
import sys

how, address = sys.argv[1], sys.argv[2]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if how == "post-only":
            self.send_response(405)
            self.send_header("Allow", "POST")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.answer()

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer()

    def answer(self):
        self.send_response(200)
        if how == "good" or (how == "double" and self.path == "/good"):
            self.send_header("Content-Length", "3")
            self.end_headers()
            self.wfile.write(b"ok\n")
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"3\r\nok\n\r\n0\r\n\r\n")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


Server((address, 8080), Handler).serve_forever()
