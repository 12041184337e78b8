#!/usr/bin/env python3
"""readme.py README FILE: fails where README shows another diagnosis than FILE has, but for names of Pods, times, sizes and counts."""

import difflib
import re
import sys

COMMAND = "$ upstream-reset diagnose "
LEFT_OUT = "…"


def general(line):
    line = re.sub(r"\bpod/[a-z0-9.-]+( \(1 of \d+\))?", "pod/NAME", line)
    line = re.sub(r"^( *)\d[\d,]* × ", "  N × ", line)
    line = re.sub(r"\d[\d,]* requests?\b", "N requests", line)
    line = re.sub(r"\d[\d,]*(?= (failed|bytes)\b)", "N", line)
    line = re.sub(r"\blast \d+\w+( \d+\w+)*:", "last TIME:", line)
    return re.sub(r"^( *>?) *\d+  ", r"\1 AT  ", line)


def parts(lines):
    found = [[]]
    for line in lines:
        if line == LEFT_OUT:
            found.append([])
        else:
            found[-1].append(line)
    return found


def shows(shown, said):
    """Whether the parts stand in what was said, in order; what does not begin or end with … begins or ends it."""
    at = 0
    every = parts(shown)
    for i, part in enumerate(every):
        places = range(at, len(said) - len(part) + 1)
        if i == 0:
            places = places[:1]
        if i == len(every) - 1 and part:
            places = places[-1:]
        place = next((place for place in places if said[place : place + len(part)] == part), None)
        if place is None:
            return False
        at = place + len(part)
    return True


with open(sys.argv[1], encoding="utf-8") as file:
    block = file.read().partition(COMMAND)[2].partition("```")[0]
with open(sys.argv[2], encoding="utf-8") as file:
    said = [general(line) for line in file.read().splitlines()]
shown = [general(line) for line in block.splitlines()[1:]]
if not shown:
    sys.exit("README shows no diagnosis")
if not shows(shown, said):
    print("\n".join(difflib.unified_diff(shown, said, "README", "diagnose", lineterm="")))
    sys.exit("README shows another diagnosis")
