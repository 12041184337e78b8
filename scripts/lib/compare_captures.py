"""Compares what inspect and tshark see in each capture of a folder; to be run by scripts/bench captures."""

import collections
import json
import os
import subprocess
import sys

SUFFIXES = (".pcap", ".pcapng", ".cap", ".trace", ".pcap.gz", ".pcapng.gz", ".cap.gz", ".trace.gz")
MAX_SECONDS = 120


def captures(folder):
    for path, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.lower().endswith(SUFFIXES):
                yield os.path.join(path, name)


def tshark(file):
    """The responses, HTTP/1 and HTTP/2, by the ports of server and client; None where tshark cannot read the file."""
    seen = collections.Counter()
    for field in ("http.response.code", "http2.headers.status"):
        done = subprocess.run(
            ["tshark", "-r", file, "-o", "tcp.desegment_tcp_streams:TRUE",
             "-Y", field + " && tcp && !icmp && !icmpv6",  # ICMP quotes packets that need not be in the capture
             "-T", "fields", "-e", "tcp.srcport", "-e", "tcp.dstport", "-e", field],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=MAX_SECONDS)
        if done.returncode != 0 and not done.stdout:
            return None
        for line in done.stdout.splitlines():
            server, client, codes = line.split("\t")
            # Interim responses are parts of the final one, but 101 is final.
            final = [code for code in codes.split(",") if code == "101" or not (code.isdigit() and 100 <= int(code) < 200)]
            seen[server.split(",")[-1], client.split(",")[-1]] += len(final)
    return seen


def port(endpoint):
    return endpoint.rpartition(":")[2]


def inspect(batch, command):
    """By file: the responses by the ports of server and client, the findings, the totals."""
    done = subprocess.run(command + ["inspect", "--all", "--output", "json", *batch],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1, 3):
        raise SystemExit("inspect failed: " + done.stderr[-500:])
    results = {file: (collections.Counter(), [], None) for file in batch}
    for line in done.stdout.splitlines():
        record = json.loads(line)
        seen, findings, _ = results[record["file"]]
        if "summary" in record:
            results[record["file"]] = (seen, findings, record["summary"])
            continue
        seen[port(record["server"]), port(record["client"])] += 1 if record["bytes"] else 0
        if record["remarkable"]:
            findings.append("stream %s %s %s: %s (%s)" % (
                record["stream"], record["request"]["method"], record["request"]["target"][:60],
                ", ".join(sorted({each["rule"] for each in record["findings"]})) or "no rule broken",
                record["envoy"]["outcome"]))
    return results


def main(folder, command):
    files = list(captures(folder))
    totals = collections.Counter()
    for start in range(0, len(files), 100):
        batch = files[start:start + 100]
        for file, (ours, findings, summary) in inspect(batch, command).items():
            name = os.path.relpath(file, folder)
            totals["captures"] += 1
            if summary is None:
                totals["not read"] += 1
            totals["responses"] += sum(ours.values())
            totals["findings"] += len(findings)
            totals["captures with findings"] += 1 if findings else 0
            for finding in findings:
                print("%s: %s" % (name, finding))
            try:
                theirs = tshark(file)
            except subprocess.TimeoutExpired:
                theirs = None
            if theirs is None:
                totals["not read by tshark"] += 1
                continue
            totals["responses by tshark"] += sum(theirs.values())
            missed = {ports: count - ours[ports] for ports, count in theirs.items() if count > ours[ports]}
            if missed:
                totals["captures with missed responses"] += 1
                totals["missed responses"] += sum(missed.values())
                print("%s: missed %s" % (name, ", ".join("%d from port %s to %s" % (n, *ports) for ports, n in sorted(missed.items())[:10])))
    for name, count in totals.items():
        print("%s: %d" % (name, count))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
