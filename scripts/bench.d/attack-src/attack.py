"""Hostile clients of many kinds against a running app, and honest ones beside them.

attack.py LOAD PORT PID KIND SECONDS [SEED [STRENGTH]]: prints one JSON object: the answers of /health of 127.0.0.1:PORT during the attack,
and the memory, file descriptors and threads of PID during it and after. Without arguments it prints the names of KINDS.
KIND is one of KINDS, `mix` (a seeded change of all of them), `honest` (9,000 /correct, which the program LOAD asks for, beside 500
hostile connections) or `none` (without those).
"""
import json, multiprocessing, os, random, resource, socket, subprocess, sys, threading, time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

def get(path, fields=b""):
    return b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n"

# name: how many at once, what each sends, whether it reads, and the seconds before it leaves.
KINDS = {
    "long-name": (16, get(b"/scenarios/" + b"a" * 60_000), True, 0.2),
    "unread-list": (2_000, get(b"/scenarios"), False, 4),
    "unread-scenario": (4_000, get(b"/scenarios/field-81-kib"), False, 4),
    "unread-metrics": (4_000, get(b"/metrics"), False, 4),
    "half-head": (220, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 1_024_000, False, 4),
    "half-query": (4_000, b"GET /?" + b"&".join(b"k%06d=v" % i for i in range(990)), False, 4),
    "many-fields": (4_000, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"h%06d: v\r\n" % i for i in range(190)), False, 4),
    "large-cookie": (3_000, get(b"/correct", b"Cookie: " + b"a" * 60_000 + b"\r\n"), False, 4),
    "silent": (4_000, b"", False, 4),
    "half-body": (2_000, b"POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc", True, 4),
    "http2-malformed": (1_000, PREFACE + b"\0\0\0\1\x0d\0\0\0\1", True, 0.1),
    "http2-half": (2_000, PREFACE + b"\0\x3f\0\1\4\0\0\0\1" + b"a" * 8_000, False, 4),
    "http2-tiny-frames": (16, PREFACE + b"\0\0\0\4\1\0\0\0\0" * 100_000, False, 2),
    "garbage": (500, bytes(range(256)) * 16, True, 0.2),
    "pipelined": (500, get(b"/health") * 200, False, 3),
}


# In Linux' in.h; a port is then chosen at connect, for the pair of addresses.
IP_BIND_ADDRESS_NO_PORT = 24


def from_loopback():
    """A socket on an address of its own: ports of ended connections wait for a minute, and one address has 28,000."""
    client = socket.socket()
    client.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    client.bind((f"127.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}", 0))
    return client


class Client:
    def __init__(self, address, kind):
        _, self.rest, self.reads, hold = KINDS[kind]
        self.leaves = time.monotonic() + hold * random.uniform(0.5, 1.5)
        self.socket = from_loopback()
        self.socket.setblocking(False)
        if not self.reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        try:
            self.socket.connect(address)
        except BlockingIOError:
            pass

    def step(self):
        """Sends what is left, and reads; False once the server has ended the connection."""
        try:
            if self.rest:
                self.rest = self.rest[self.socket.send(self.rest):]
            if self.reads and not self.socket.recv(65536):
                return False
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            return False
        return True


class Attack(threading.Thread):
    """Holds the kind's number of clients for a time, each replaced when it is gone."""

    def __init__(self, address, kind, seconds, most=None):
        super().__init__(daemon=True)
        self.address, self.kind, self.until = address, kind, time.monotonic() + seconds
        self.most = most or KINDS[kind][0]
        self.clients = self.connections = 0

    def run(self):
        clients = []
        while time.monotonic() < self.until:
            for _ in range(min(200, self.most - len(clients))):
                try:
                    clients.append(Client(self.address, self.kind))
                    self.connections += 1
                except OSError:
                    break
            now = time.monotonic()
            kept = []
            for client in clients:
                if now < client.leaves and client.step():
                    kept.append(client)
                else:
                    client.socket.close()
            clients = kept
            time.sleep(0.05)
        for client in clients:
            client.socket.close()


def attack_elsewhere(address, kinds, seconds, share, stop, connections):
    """The same in a process of its own, so that Python's lock does not make the honest clients late."""
    attacks = [Attack(address, each, seconds, share) for each in kinds]
    for each in attacks:
        each.start()
    stop.wait()
    for each in attacks:
        each.until = 0
    for each in attacks:
        each.join()
    connections.value = sum(each.connections for each in attacks)


def usage(pid):
    try:
        fields = dict(line.split(":", 1) for line in open(f"/proc/{pid}/status"))
        return {"mb": round(int(fields["VmRSS"].split()[0]) / 1024, 1), "threads": int(fields["Threads"]),
                "fds": len(os.listdir(f"/proc/{pid}/fd"))}
    except (OSError, KeyError):
        return {"mb": 0, "threads": 0, "fds": 0}


class Health(threading.Thread):
    """Asks /health every 100 ms on a connection of its own, and notes how long the answer took; a failure is 5 s."""

    def __init__(self, address, pid):
        super().__init__(daemon=True)
        self.address, self.pid, self.request = address, pid, get(b"/health", b"Connection: close\r\n")
        self.times, self.failed, self.peak, self.series, self.on = [], 0, 0, [], True

    def run(self):
        while self.on:
            begin = time.monotonic()
            try:
                with from_loopback() as asked:
                    asked.settimeout(5)
                    asked.connect(self.address)
                    asked.sendall(self.request)
                    if b" 200 " not in asked.recv(200):
                        raise OSError("no 200")
                self.times.append(time.monotonic() - begin)
            except OSError:
                self.failed += 1
                self.times.append(5)
            memory = usage(self.pid)["mb"]
            self.peak = max(self.peak, memory)
            self.series.append(memory)
            time.sleep(0.1)


def percentile99(numbers):
    return sorted(numbers)[int(len(numbers) * 0.99)] if numbers else 0


def honest(load, address, pid):
    """9,000 /correct, by the load generator of `bench streams`; how many came whole, and the 99th percentile of how late their chunks came, in seconds."""
    told = json.loads(subprocess.run([load, "-port", str(address[1]), "-pid", str(pid), "-streams", "9000"],
                                     check=True, capture_output=True, text=True).stdout)
    return told["streams"] - told["failed"], told["p99ms"] / 1000


def main(load, port, pid, kind, seconds, seed="1", strength="1"):
    random.seed(int(seed))
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    address, pid, seconds = ("127.0.0.1", int(port)), int(pid), float(seconds)
    before, result = usage(pid), {}
    health = Health(address, pid)
    health.start()
    attacks, elsewhere = [], 0
    if kind == "mix":
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            kinds = random.sample(sorted(KINDS), 3)
            running = [Attack(address, each, 6, KINDS[each][0] // 4 + 1) for each in kinds]
            for each in running:
                each.start()
            for each in running:
                each.join()
            attacks += running
    elif kind in ("honest", "none"):
        stop, connections = multiprocessing.Event(), multiprocessing.Value("i", 0)
        kinds = sorted(KINDS) if kind == "honest" else []
        process = multiprocessing.Process(
            target=attack_elsewhere, args=(address, kinds, seconds, 500 // len(KINDS) + 1, stop, connections))
        process.start()
        result["whole"], result["late99"] = honest(load, address, pid)
        stop.set()
        process.join()
        elsewhere = connections.value
    else:
        attacks = [Attack(address, kind, seconds, int(KINDS[kind][0] * float(strength)))]
        for each in attacks:
            each.start()
        for each in attacks:
            each.join()
    health.on = False
    health.join()
    half = health.series[len(health.series) // 2:]
    result.update(
        kind=kind,
        connections=elsewhere + sum(each.connections for each in attacks),
        health=len(health.times), failed=health.failed,
        p99ms=round(1000 * percentile99(health.times)),
        peakMB=health.peak, halfMB=[min(half), max(half)] if half else [], before=before,
        # The seconds differ with the kinds that run; whether memory grows is seen in the peaks of equal times.
        peaksMB=[max(half[at:at + len(half) // 5]) for at in range(0, len(half) // 5 * 5, len(half) // 5)] if len(half) > 4 else [])
    end = time.monotonic() + 30
    while time.monotonic() < end and (usage(pid)["fds"] > before["fds"] + 3 or usage(pid)["mb"] > before["mb"] + 5):
        time.sleep(0.5)
    result["after"] = usage(pid)
    result["alive"] = os.path.exists(f"/proc/{pid}/status") and result["after"]["mb"] > 0
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(*sys.argv[1:])
    else:
        print(*KINDS)
