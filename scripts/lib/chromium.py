"""A Chromium without a window, driven through its DevTools."""
import base64
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

MAX_START = 60


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


class Chromium:
    """One page; to be used in a with statement, which ends it."""

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--window-size=1200,1000",
             "--user-data-dir=" + self.profile.name, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.tools = DevTools(self.page())
        except BaseException:
            self.__exit__()
            raise
        return self

    def page(self):
        told = os.path.join(self.profile.name, "DevToolsActivePort")
        until = time.monotonic() + MAX_START
        while not os.path.exists(told) or len(open(told).read().split()) < 2:
            if time.monotonic() > until:
                sys.exit(os.path.basename(sys.argv[0]) + ": Chromium did not start")
            time.sleep(0.1)
        with urllib.request.urlopen(f"http://127.0.0.1:{open(told).read().split()[0]}/json", timeout=30) as answer:
            return next(each["webSocketDebuggerUrl"] for each in json.load(answer) if each["type"] == "page")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.profile.cleanup()

    def go(self, url):
        self.tools.call("Page.navigate", url=url)

    def value(self, expression):
        """None where it is undefined or throws."""
        return self.tools.call("Runtime.evaluate", returnByValue=True, expression=expression).get("result", {}).get("value")
