"""lab_page.py ADDRESS COMMAND...: looks at the app's page, as it comes from that address, in Chromium, and fails where it does not
show this: it came through a sidecar; that sidecar's 502 for the scenario wrong; and, once COMMAND has taken the leader away, the
term of the next one in a lane of its own. Says what it saw."""
import subprocess
import sys
import time

from chromium import Chromium

MAX_SECONDS = 60

BARS = "document.querySelectorAll('#lanes .bar').length"
LANES = "document.querySelectorAll('#lanes .lane').length"
RUNNING = "document.querySelectorAll('#lanes .bar.running').length"
TERMS = "[...document.querySelectorAll('#terms li')].map(each => each.textContent).join('\\n')"
STATE = "document.getElementById('election-state').textContent"


def text(selector):
    return f"document.querySelector('{selector}').textContent.trim()"


def until(chromium, expression):
    deadline = time.monotonic() + MAX_SECONDS
    while chromium.value(expression) is not True:
        if time.monotonic() > deadline:
            print(f"the election, as it is shown: {chromium.value(STATE)}\n{chromium.value(TERMS)}")
            sys.exit(f"lab_page: not so after {MAX_SECONDS} s: {expression}")
        time.sleep(0.2)


def says(chromium, expression):
    told = chromium.value(expression)
    print(told, flush=True)
    return told


def ask_wrong(chromium):
    until(chromium, "document.querySelectorAll('.scenarios > li').length > 100")
    says(chromium, text("#way"))
    until(chromium, "document.getElementById('who').dataset.way === 'through'")
    chromium.value("document.querySelector('#s-wrong button').click()")
    until(chromium, "document.querySelector('#s-wrong .detail mark') !== null")
    if "as expected: 502, 87 bytes" not in says(chromium, text("#s-wrong .seen")):
        sys.exit("lab_page: that is not the sidecar's answer to /wrong")
    if "made by Envoy" not in says(chromium, text("#s-wrong .detail p")):
        sys.exit("lab_page: that is not who made it")


def election(chromium, command):
    until(chromium, f"{BARS} > 0 && {RUNNING} === 1")
    says(chromium, TERMS)
    before = chromium.value(BARS)
    first = chromium.value(STATE).split()[0]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    until(chromium, f"{BARS} > {before} && {RUNNING} === 1 && {LANES} > 1 && !{STATE}.startsWith('{first} ')")
    says(chromium, TERMS)
    says(chromium, STATE)


with Chromium() as browser:
    browser.go(sys.argv[1] + "/")
    ask_wrong(browser)
    election(browser, sys.argv[2:])
