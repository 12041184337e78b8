#!/usr/bin/env python3
"""catalogue.py DIAGNOSE-ARGUMENT...: asks the lab's Pod for each fault of the catalogue that it serves, by diagnose, and fails where the
finding is another one than that of probe, which asks the same app on this machine. What breaks no rule is not asked for. Where the two
differ, both are asked again, with more patience: a slow machine is no fault."""

import concurrent.futures
import contextlib
import json
import re
import subprocess
import sys

TOOL = "scripts/upstream-reset"
PATIENCE, MORE_PATIENCE = "3s", "20s"
AT_ONCE = 2


def said(*arguments):
    answer = subprocess.run([TOOL, *arguments], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    if answer.returncode == 2:
        sys.exit(f"catalogue: {arguments[0]} was called wrongly")
    return [json.loads(line) for line in answer.stdout.splitlines()]


@contextlib.contextmanager
def local_app():
    """The app on this machine, by its address."""
    app = subprocess.Popen([TOOL, "serve", "--port", "0", "--election", "off"], stderr=subprocess.PIPE, text=True)
    try:
        port = next(found[1] for found in (re.search(r"Listening on http:.*:(\d+)$", line) for line in app.stderr) if found)
        yield f"http://127.0.0.1:{port}"
    finally:
        app.terminate()
        app.communicate()


def probed(address, paths, patience):
    """The rule that each path breaks; none for what breaks none."""
    answers = said("probe", "--timeout", patience, "--output", "json", *(address + path for path in paths))
    rules = {}
    for path, answer in zip(paths, answers, strict=True):
        findings = (answer.get("responses") or [{}])[0].get("findings", [])
        rules[path] = next((each["rule"] for each in findings if each["severity"] == "error"), None)
    return rules


def diagnosed(path, patience=PATIENCE):
    finding = said("diagnose", *sys.argv[1:], path, "--since", "1s", "--timeout", patience, "--output", "json")[-1]["finding"]
    return finding.get("id", finding["sentence"])


def in_order(rules):
    """Each rule once, then the rest."""
    broken = {path: rule for path, rule in rules.items() if rule}
    first = {rule: path for path, rule in reversed(broken.items())}
    return {path: rule for rule, path in first.items()} | broken


with local_app() as address, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
    # A control breaks no rule; the first question waits until the app has started.
    faults = [each["path"] for each in said("scenarios", "--output", "json") if "path" in each and "rule" in each]
    probed(address, ["/correct"], MORE_PATIENCE)
    expected = in_order(probed(address, faults, PATIENCE))
    if not expected:
        sys.exit("catalogue: probe finds nothing in any fault")
    differ = 0
    for path, found in zip(expected, pool.map(diagnosed, expected)):
        wanted = expected[path]
        if found != wanted:
            wanted = probed(address, [path], MORE_PATIENCE)[path] or "no rule"
            found = diagnosed(path, MORE_PATIENCE)
        print(f"{path}: {found}", flush=True)
        if found != wanted:
            differ += 1
            print(f"  probe says {wanted}", flush=True)
print(f"{len(expected) - differ} of {len(expected)} faults of the catalogue get probe's rule")
sys.exit(1 if differ else 0)
