"""viewers.py PORT COUNT: holds COUNT subscriptions of /events and reads them until it is ended; says "ready" when all are open."""
import selectors
import socket
import sys


def main(port, count):
    selector = selectors.DefaultSelector()
    for _ in range(count):
        viewer = socket.create_connection(("127.0.0.1", port), timeout=10)
        viewer.sendall(b"GET /events HTTP/1.1\r\nHost: bench\r\n\r\n")
        if b" 200 " not in viewer.recv(65536):
            sys.exit("viewers: refused")
        viewer.setblocking(False)
        selector.register(viewer, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            if not key.fileobj.recv(65536):
                sys.exit("viewers: the server ended a stream")


main(int(sys.argv[1]), int(sys.argv[2]))
