"""The cases, as a WSGI application without a framework: what each server makes of the same calls."""

CHUNKED = ("Transfer-Encoding", "chunked")
TWO = ("Content-Length", "2")

CASES = {
    "/ok": ("200 OK", [("Content-Type", "text/plain"), TWO], b"hi"),
    "/stream": ("200 OK", [("Content-Type", "text/plain")], b"hello, ", b"world"),
    "/te": ("200 OK", [CHUNKED], b"hello, ", b"world"),
    "/te-small": ("200 OK", [CHUNKED], b"hi"),
    "/te-cap": ("200 OK", [("Transfer-Encoding", "Chunked")], b"hello, ", b"world"),
    "/te-cl": ("200 OK", [CHUNKED, TWO], b"hi"),
    "/te-gzip": ("200 OK", [("Transfer-Encoding", "gzip, chunked")], b"hello, ", b"world"),
    "/204-te": ("204 No Content", [CHUNKED]),
    "/204-cl": ("204 No Content", [TWO]),
    "/cl-short": ("200 OK", [("Content-Length", "9")], b"hi"),
    "/cl-long": ("200 OK", [("Content-Length", "1")], b"hi"),
    "/cl2": ("200 OK", [TWO, TWO], b"hi"),
}


def app(environ, start_response):
    status, fields, *parts = CASES[environ["PATH_INFO"]]
    start_response(status, list(fields))
    return parts
