#!/usr/bin/env python3
"""catalogue.py DIAGNOSE-ARGUMENT...: asks the lab's Pod for each fault of the catalogue that it serves, by diagnose, and fails where the
finding is another one than that of probe, which asks the same app on this machine. A fault without a broken rule is not asked for."""

import concurrent.futures
import json
import re
import subprocess
import sys

TOOL = "scripts/upstream-reset"
PATIENCE = ["--timeout", "3s", "--output", "json"]
AT_ONCE = 2


def said(*arguments):
    answer = subprocess.run([TOOL, *arguments], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, timeout=300)
    if answer.returncode == 2:
        sys.exit(f"catalogue: {arguments[0]} was called wrongly")
    return [json.loads(line) for line in answer.stdout.splitlines()]


def probed(paths):
    """The rule of each path that breaks one."""
    app = subprocess.Popen([TOOL, "serve", "--port", "0", "--election", "off"], stderr=subprocess.PIPE, text=True)
    try:
        port = next(found[1] for found in (re.search(r"Listening on http:.*:(\d+)$", line) for line in app.stderr) if found)
        answers = said("probe", *PATIENCE, *(f"http://127.0.0.1:{port}{path}" for path in paths))
    finally:
        app.terminate()
        app.communicate()
    rules = {}
    for path, answer in zip(paths, answers, strict=True):
        findings = (answer.get("responses") or [{}])[0].get("findings", [])
        broken = [each["rule"] for each in findings if each["severity"] == "error"]
        if broken:
            rules[path] = broken[0]
    # Each rule once, then the rest.
    first = {rule: path for path, rule in reversed(rules.items())}
    return {path: rule for rule, path in first.items()} | rules


def diagnosed(path):
    return said("diagnose", *sys.argv[1:], path, "--since", "1s", *PATIENCE)[-1]["finding"]


expected = probed([each["path"] for each in said("scenarios", "--output", "json") if "path" in each])
if not expected:
    sys.exit("catalogue: probe finds nothing in any fault")
differ = 0
with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
    for path, finding in zip(expected, pool.map(diagnosed, expected)):
        found = finding.get("id", finding["sentence"])
        print(f"{path}: {found}", flush=True)
        if found != expected[path]:
            differ += 1
            print(f"  probe says {expected[path]}", flush=True)
print(f"{len(expected) - differ} of {len(expected)} faults of the catalogue get probe's rule")
sys.exit(1 if differ else 0)
