#!/usr/bin/env python3
"""pods.py NAMESPACE IMAGE: prints the Pods on which diagnose is tested, as JSON for kubectl apply."""

import json
import os
import sys

namespace, image = sys.argv[1], sys.argv[2]
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "server.py"), encoding="utf-8") as file:
    server = file.read()

TLS = (
    "import os, ssl; from http.server import *; "
    "os.system('cd /tmp && openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out c -days 2 -subj /CN=tls'); "
    "s = HTTPServer(('0.0.0.0', 8080), SimpleHTTPRequestHandler); c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); "
    "c.load_cert_chain('/tmp/c', '/tmp/k'); s.socket = c.wrap_socket(s.socket, server_side=True); s.serve_forever()"
)


def metadata(name, **more):
    return {"name": name, "namespace": namespace, **more}


def pod(name, command, annotations=None):
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata(name, labels={"app": name}, annotations=annotations or {}),
        "spec": {
            "terminationGracePeriodSeconds": 1,
            "containers": [
                {
                    "name": "app",
                    "image": image,
                    "imagePullPolicy": "IfNotPresent",
                    "command": command,
                    "ports": [{"containerPort": 8080}],
                    "volumeMounts": [{"name": "server", "mountPath": "/server"}],
                }
            ],
            "volumes": [{"name": "server", "configMap": {"name": "server"}}],
        },
    }


def service(name, port_name):
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(name),
        "spec": {"selector": {"app": name}, "ports": [{"name": port_name, "port": 80, "targetPort": 8080}]},
    }


def telemetry(name, spec):
    return {"apiVersion": "telemetry.istio.io/v1", "kind": "Telemetry", "metadata": metadata(name), "spec": spec}


def python(how, address="0.0.0.0"):
    return ["python3", "/server/server.py", how, address]


items = [
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata("server"), "data": {"server.py": server}},
    telemetry("access-log", {"accessLogging": [{"providers": [{"name": "envoy"}]}]}),
    pod("double", python("double")),
    service("double", "http"),
    pod("strict", python("double")),
    service("strict", "http"),
    {
        "apiVersion": "security.istio.io/v1",
        "kind": "PeerAuthentication",
        "metadata": metadata("strict"),
        "spec": {"selector": {"matchLabels": {"app": "strict"}}, "mtls": {"mode": "STRICT"}},
    },
    pod("no-sidecar", python("double"), {"sidecar.istio.io/inject": "false"}),
    service("no-sidecar", "http"),
    pod("misnamed", python("good")),
    service("misnamed", "grpc"),
    pod("tls", ["python3", "-c", TLS]),
    service("tls", "http"),
    pod("post-only", python("post-only")),
    service("post-only", "http"),
    pod("log-off", python("double")),
    service("log-off", "http"),
    telemetry("log-off", {"selector": {"matchLabels": {"app": "log-off"}}, "accessLogging": [{"disabled": True}]}),
    pod("loopback", python("good", "127.0.0.1")),
    service("loopback", "http"),
    pod("closed", ["sleep", "1000000"]),
    service("closed", "http"),
]
print(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
