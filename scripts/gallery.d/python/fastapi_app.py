"""A FastAPI application that answers with what it gets from another server: before and after each recipe."""

import os

import httpx
from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse

app = FastAPI()
client = httpx.AsyncClient()
upstream = os.environ["UPSTREAM"]
text = "déjà vu"


@app.get("/ok")
async def ok():
    return Response("hi", media_type="text/plain")


@app.get("/stream")
async def stream():
    return StreamingResponse(iter(["hello, ", "world"]), media_type="text/plain")


@app.get("/te")
async def te():
    return StreamingResponse(iter(["hello, ", "world"]), headers={"Transfer-Encoding": "chunked"})


@app.get("/te-small")
async def te_small():
    return Response("hi", headers={"Transfer-Encoding": "chunked"})


@app.get("/copy/before")
async def copy_before():
    url = upstream + "/chunked"
    answer = await client.get(url)
    return Response(answer.content, answer.status_code, headers=answer.headers)


@app.get("/copy/after")
async def copy_after():
    url = upstream + "/chunked"
    answer = await client.get(url)
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


@app.get("/copy-gzip/before")
async def copy_gzip_before():
    url = upstream + "/gzip"
    answer = await client.get(url)
    return Response(answer.content, answer.status_code, headers=answer.headers)


@app.get("/copy-gzip/after")
async def copy_gzip_after():
    url = upstream + "/gzip"
    answer = await client.get(url)
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


@app.get("/no-content/before")
async def no_content_before():
    answer = await client.get(upstream + "/chunked")
    return Response(status_code=204, headers=answer.headers)


@app.get("/no-content/after")
async def no_content_after():
    await client.get(upstream + "/chunked")
    return Response(status_code=204)


@app.get("/length/before")
async def length_before():
    return Response(text, headers={"Content-Length": str(len(text))})


@app.get("/length/after")
async def length_after():
    return Response(text)
