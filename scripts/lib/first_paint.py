"""first_paint.py PORT RUNS: prints the kilobytes of the app's page with all its files, and the median of Chromium's first
contentful paint in milliseconds."""
import base64
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request


def get(url, accept="*/*"):
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept}), timeout=30) as answer:
        return answer.read(), len(str(answer.headers).encode())


def weight(site):
    page, head = get(site + "/", "text/html")
    files = set(re.findall(r'(?:href|src)="(/page/[^"]+)"', page.decode())) | {"/page/scenarios.json"}
    answers = [(page, head)] + [get(site + file) for file in files]
    return sum(len(body) + head for body, head in answers)


class DevTools:
    """The least of a WebSocket client (RFC 6455) that Chromium's DevTools take."""

    def __init__(self, url):
        host, port, path = re.match(r"ws://([^:/]+):(\d+)(/.*)", url).groups()
        self.socket = socket.create_connection((host, int(port)), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        while self.file.readline() not in (b"\r\n", b""):
            pass
        self.calls = 0

    def call(self, method, **parameters):
        self.calls += 1
        text = json.dumps({"id": self.calls, "method": method, "params": parameters}).encode()
        length = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0x80 | 126]) + len(text).to_bytes(2, "big")
        self.socket.sendall(b"\x81" + length + b"\0\0\0\0" + text)
        while True:
            told = json.loads(self.message())
            if told.get("id") == self.calls:
                return told.get("result", {})

    def message(self):
        whole = b""
        while True:
            first, length = self.file.read(2)
            length &= 0x7F
            if length >= 126:
                length = int.from_bytes(self.file.read(2 if length == 126 else 8), "big")
            whole += self.file.read(length)
            if first & 0x80:
                return whole


def paints(site, runs):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        chromium = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--user-data-dir=" + profile,
             "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            told = os.path.join(profile, "DevToolsActivePort")
            until = time.monotonic() + 60
            while not os.path.exists(told) or len(open(told).read().split()) < 2:
                if time.monotonic() > until:
                    sys.exit("first_paint: Chromium did not start")
                time.sleep(0.1)
            port = open(told).read().split()[0]
            targets = json.loads(get(f"http://127.0.0.1:{port}/json")[0])
            tools = DevTools(next(each["webSocketDebuggerUrl"] for each in targets if each["type"] == "page"))
            return [paint(tools, site) for _ in range(runs)]
        finally:
            chromium.terminate()
            chromium.wait()


def paint(tools, site):
    tools.call("Page.navigate", url=site + "/")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        value = tools.call("Runtime.evaluate", returnByValue=True, expression="location.protocol === 'http:' && "
                           "performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
        value = value.get("result", {}).get("value")
        if isinstance(value, (int, float)) and value:
            tools.call("Page.navigate", url="about:blank")
            return value
        time.sleep(0.05)
    sys.exit("first_paint: nothing was painted")


where = "http://127.0.0.1:" + sys.argv[1]
print(f"{weight(where) / 1024:.1f} {statistics.median(paints(where, int(sys.argv[2]))):.0f}")
