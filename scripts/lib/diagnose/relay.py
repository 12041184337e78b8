"""relay.py HOST PORT: passes connections to a local port, which it prints, on to HOST:PORT. At SIGUSR1 it cuts all of them and closes each
new one, which it tells; at SIGUSR2 it passes on again."""

import signal
import socket
import sys
import threading

target = (sys.argv[1], int(sys.argv[2]))
passing = threading.Event()
passing.set()
alive = set()
lock = threading.Lock()


def cut(*_):
    passing.clear()
    # In a thread, since the lock may be held by what the signal interrupts.
    threading.Thread(target=close_all).start()


def close_all():
    with lock:
        for each in alive:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def copy(source, sink):
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
    except OSError:
        pass
    for each in (source, sink):
        try:
            each.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client):
    try:
        with client, socket.create_connection(target, timeout=30) as server:
            server.settimeout(None)
            with lock:
                if not passing.is_set():
                    return
                alive.update((client, server))
            back = threading.Thread(target=copy, args=(server, client))
            back.start()
            copy(client, server)
            back.join()
            with lock:
                alive.difference_update((client, server))
    except OSError as e:
        print(f"relay: {e}", file=sys.stderr, flush=True)


signal.signal(signal.SIGUSR1, cut)
signal.signal(signal.SIGUSR2, lambda *_: passing.set())
with socket.create_server(("127.0.0.1", 0)) as listening:
    print(f"port {listening.getsockname()[1]}", flush=True)
    while True:
        connection, _ = listening.accept()
        if passing.is_set():
            threading.Thread(target=serve, args=(connection,), daemon=True).start()
        else:
            connection.close()
            print("closed", flush=True)
