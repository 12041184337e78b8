"""The cases, as an ASGI application without a framework: what each server makes of the same messages."""


async def send_all(send, status, fields, *parts):
    headers = [(name.encode(), value.encode()) for name, value in fields]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for i, part in enumerate(parts):
        await send({"type": "http.response.body", "body": part, "more_body": i < len(parts) - 1})


CHUNKED = ("Transfer-Encoding", "chunked")
TWO = ("Content-Length", "2")

CASES = {
    "/ok": (200, [("Content-Type", "text/plain"), TWO], b"hi"),
    "/stream": (200, [("Content-Type", "text/plain")], b"hello, ", b"world", b""),
    "/te": (200, [CHUNKED], b"hello, ", b"world", b""),
    "/te-small": (200, [CHUNKED], b"hi"),
    "/te-cap": (200, [("Transfer-Encoding", "Chunked")], b"hello, ", b"world", b""),
    "/te-cl": (200, [CHUNKED, TWO], b"hi"),
    "/te-gzip": (200, [("Transfer-Encoding", "gzip, chunked")], b"hello, ", b"world", b""),
    "/204-te": (204, [CHUNKED], b""),
    "/204-cl": (204, [TWO], b""),
    "/cl-short": (200, [("Content-Length", "9")], b"hi"),
    "/cl-long": (200, [("Content-Length", "1")], b"hi"),
    "/cl2": (200, [TWO, TWO], b"hi"),
}


async def app(scope, receive, send):
    if scope["type"] == "http":
        await send_all(send, *CASES[scope["path"]])
