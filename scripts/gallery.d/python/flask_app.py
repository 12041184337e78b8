"""A Flask application that answers with what it gets from another server: before and after each recipe."""

import os

import requests
from flask import Flask, Response

app = Flask(__name__)
upstream = os.environ["UPSTREAM"]
text = "déjà vu"


@app.get("/ok")
def ok():
    return Response("hi", content_type="text/plain")


@app.get("/stream")
def stream():
    return Response(iter(["hello, ", "world"]), content_type="text/plain")


@app.get("/te")
def te():
    return Response(iter(["hello, ", "world"]), headers={"Transfer-Encoding": "chunked"})


@app.get("/te-small")
def te_small():
    return Response("hi", headers={"Transfer-Encoding": "chunked"})


@app.get("/copy/before")
def copy_before():
    url = upstream + "/chunked"
    answer = requests.get(url)
    return Response(answer.content, answer.status_code, answer.headers.items())


@app.get("/copy/after")
def copy_after():
    url = upstream + "/chunked"
    answer = requests.get(url)
    return Response(answer.content, answer.status_code, content_type=answer.headers.get("Content-Type"))


@app.get("/copy-stream/before")
def copy_stream_before():
    url = upstream + "/chunked"
    answer = requests.get(url, stream=True)
    return Response(answer.iter_content(8192), answer.status_code, answer.headers.items())


@app.get("/copy-stream/after")
def copy_stream_after():
    url = upstream + "/chunked"
    answer = requests.get(url, stream=True)
    return Response(answer.iter_content(8192), answer.status_code, content_type=answer.headers.get("Content-Type"))


@app.get("/no-content/before")
def no_content_before():
    answer = requests.get(upstream + "/chunked")
    return Response(status=204, headers=answer.headers.items())


@app.get("/no-content/after")
def no_content_after():
    requests.get(upstream + "/chunked")
    return Response(status=204)


@app.get("/length/before")
def length_before():
    return Response(text, headers={"Content-Length": str(len(text))})


@app.get("/length/after")
def length_after():
    return Response(text)
