"""viewers.py PORT COUNT ASKING: holds COUNT subscriptions of /events until it is ended; says "ready" when all are open. One of
them never reads. ASKING more, which are refused, ask each 30 s, as Retry-After says; an answer that is no refusal is a complaint."""
import selectors
import socket
import sys
import threading
import time

RETRY_AFTER = 30
REQUEST = b"GET /events HTTP/1.1\r\nHost: bench\r\n\r\n"


def ask(port, receive_buffer=None):
    viewer = socket.socket()
    viewer.settimeout(10)
    if receive_buffer:
        viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    viewer.connect(("127.0.0.1", port))
    viewer.sendall(REQUEST)
    return viewer


def refused(port, count):
    """Asks so often in a round that each of count asks once in it."""
    start = time.monotonic()
    asked = 0
    while True:
        with ask(port) as viewer:
            answer = viewer.recv(65536)
            if b" 503 " not in answer or b"ask again later" not in answer:
                print("viewers: not refused:", answer, file=sys.stderr)
        asked += 1
        time.sleep(max(0, start + asked * RETRY_AFTER / count - time.monotonic()))


def main(port, count, asking):
    selector = selectors.DefaultSelector()
    slow = ask(port, 2048)
    for _ in range(count - 1):
        viewer = ask(port)
        if b" 200 " not in viewer.recv(65536):
            sys.exit("viewers: refused")
        viewer.setblocking(False)
        selector.register(viewer, selectors.EVENT_READ)
    if asking:
        threading.Thread(target=refused, args=(port, asking), daemon=True).start()
    print("ready", flush=True)
    while slow:
        for key, _ in selector.select():
            if not key.fileobj.recv(65536):
                sys.exit("viewers: the server ended a stream")


main(*map(int, sys.argv[1:4]))
