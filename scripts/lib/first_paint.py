"""first_paint.py PORT RUNS: prints the kilobytes of the app's page with all its files, and the median of Chromium's first
contentful paint in milliseconds."""
import re
import statistics
import sys
import time
import urllib.request

from chromium import Chromium


def get(url, accept="*/*"):
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept}), timeout=30) as answer:
        return answer.read(), len(str(answer.headers).encode())


def weight(site):
    page, head = get(site + "/", "text/html")
    files = set(re.findall(r'(?:href|src)="(/page/[^"]+)"', page.decode())) | {"/page/scenarios.json"}
    answers = [(page, head)] + [get(site + file) for file in files]
    return sum(len(body) + head for body, head in answers)


def paints(site, runs):
    with Chromium() as chromium:
        return [paint(chromium, site) for _ in range(runs)]


def paint(chromium, site):
    chromium.go(site + "/")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        value = chromium.value("location.protocol === 'http:' && "
                               "performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
        if isinstance(value, (int, float)) and value:
            chromium.go("about:blank")
            return value
        time.sleep(0.05)
    sys.exit("first_paint: nothing was painted")


where = "http://127.0.0.1:" + sys.argv[1]
print(f"{weight(where) / 1024:.1f} {statistics.median(paints(where, int(sys.argv[2]))):.0f}")
