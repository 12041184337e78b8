"""A real etcd and kube-apiserver on loopback, and child processes that end with us."""

import base64
import collections
import datetime
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
LEASE = "http-chunked-leader"


def free_ports(count):
    ports = []
    while len(ports) < count:
        port = random.randrange(12000, 30000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in ports:
            ports.append(port)
    return ports


class Process:
    """A child with a log of its own; ended with this program, also if that is killed."""

    GUARD = 'log=$1; shift; exec 3<&0; "$@" </dev/null >>"$log" 2>&1 3<&- & pid=$!; echo $pid; ' \
            '{ read -r _ <&3 || kill -KILL $pid; } 2>/dev/null & reader=$!; wait $pid; kill $reader 2>/dev/null'

    def __init__(self, log, command, environment=None):
        self.log = log
        log.touch()
        self.guard = subprocess.Popen(["bash", "-c", self.GUARD, "guard", str(log), *map(str, command)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                      env={**os.environ, **(environment or {})})
        self.pid = int(self.guard.stdout.readline())

    def signal(self, number):
        if self.guard.poll() is None:
            os.kill(self.pid, number)

    def end(self):
        self.signal(signal.SIGKILL)
        self.guard.wait(20)
        self.guard.stdin.close()
        self.guard.stdout.close()


class Cluster:
    """A real etcd and kube-apiserver, with the app's shipped objects and an audit log of the calls on Leases."""

    def __init__(self, folder):
        self.folder = folder
        self.assets = pathlib.Path(subprocess.check_output([ROOT / "scripts/kube-assets"], text=True).strip())
        self.client, self.peer, self.port = free_ports(3)
        subprocess.run(["openssl", "genrsa", "-out", folder / "key", "2048"], check=True, capture_output=True)
        self.token = base64.b16encode(os.urandom(16)).decode()
        (folder / "tokens.csv").write_text(f"{self.token},admin,admin,system:masters\n")
        (folder / "audit.yaml").write_text(
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n"
            "- level: Metadata\n  namespaces: [default]\n  resources: [{group: coordination.k8s.io, resources: [leases]}]\n"
            "- level: None\n")
        self.start_etcd()
        self.admin = self.kubeconfig("admin", self.token)
        self.start_api()
        self.run("apply", "--server-side", "-f", "-", stdin=self.run("kustomize", ROOT / "manifests/overlays/single"))

    def start_etcd(self):
        client, peer = f"http://127.0.0.1:{self.client}", f"http://127.0.0.1:{self.peer}"
        self.etcd = Process(self.folder / "etcd.log", [
            self.assets / "etcd", f"--data-dir={self.folder}/etcd", f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}", f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}", "--unsafe-no-fsync"])

    def start_api(self):
        self.api = Process(self.folder / "api.log", [
            self.assets / "kube-apiserver", f"--etcd-servers=http://127.0.0.1:{self.client}", "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1", f"--secure-port={self.port}", f"--cert-dir={self.folder}/certs",
            "--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.96.0.0/16", "--authorization-mode=RBAC",
            f"--token-auth-file={self.folder}/tokens.csv", "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self.folder}/key", f"--service-account-signing-key-file={self.folder}/key",
            f"--audit-policy-file={self.folder}/audit.yaml", f"--audit-log-path={self.folder}/audit.log"])
        self.await_ready()

    def await_ready(self):
        deadline = time.time() + 120
        while self.run("get", "--raw", "/readyz", check=False) != "ok":
            if time.time() > deadline:
                raise SystemExit(f"election: kube-apiserver is not ready: {(self.folder / 'api.log').read_text()[-2000:]}")
            time.sleep(0.3)

    def kubeconfig(self, name, token):
        path = self.folder / f"{name}.kubeconfig"
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "bench",
            "clusters": [{"name": "bench", "cluster": {"server": f"https://127.0.0.1:{self.port}",
                                                       "certificate-authority": f"{self.folder}/certs/apiserver.crt"}}],
            "users": [{"name": name, "user": {"token": token}}],
            "contexts": [{"name": "bench", "context": {"cluster": "bench", "user": name, "namespace": "default"}}]}))
        return path

    def run(self, *arguments, stdin="", check=True):
        done = subprocess.run([self.assets / "kubectl", "--kubeconfig", self.admin, *map(str, arguments)], input=stdin,
                              text=True, capture_output=True, env={**os.environ, "HOME": str(self.folder)})
        if check and done.returncode:
            raise SystemExit(f"election: kubectl {arguments}: {done.stderr}")
        return done.stdout

    def pod(self, name):
        self.run("apply", "--server-side", "-f", "-", stdin=json.dumps({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "default", "labels": {"app": "http-chunked"}},
            "spec": {"serviceAccountName": "http-chunked", "containers": [{"name": "app", "image": "none"}]}}))
        uid = self.run("get", "pod", name, "-o", "jsonpath={.metadata.uid}")
        token = self.run("create", "token", "http-chunked", "--bound-object-kind=Pod", f"--bound-object-name={name}").strip()
        return uid, self.kubeconfig(name, token)

    def renewed(self):
        text = self.run("get", "lease", LEASE, "-o", "jsonpath={.spec.renewTime}")
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()

    def holder(self):
        return self.run("get", "lease", LEASE, "-o", "jsonpath={.spec.holderIdentity}", check=False)

    def forget(self):
        self.run("delete", "lease", LEASE, "--ignore-not-found")

    def audited(self):
        """How often each kind of candidate used each verb on the Lease."""
        counts = collections.Counter()
        for line in (self.folder / "audit.log").read_text().splitlines():
            event = json.loads(line)
            pods = event["user"].get("extra", {}).get("authentication.kubernetes.io/pod-name")
            if pods and event["stage"] in ("ResponseComplete", "ResponseStarted"):
                if event["verb"] != "watch" or event["stage"] == "ResponseStarted":
                    counts[pods[0], event["verb"]] += 1
        return counts

    def end(self):
        self.api.end()
        self.etcd.end()
