"""An aiohttp application: the cases, and before and after each recipe."""

import os
import sys

import aiohttp
from aiohttp import web

routes = web.RouteTableDef()
upstream = os.environ["UPSTREAM"]
text = "déjà vu"
CHUNKED = {"Transfer-Encoding": "chunked"}


def whole(path, **arguments):
    async def handler(request):
        return web.Response(**arguments)

    routes.get(path)(handler)


whole("/ok", text="hi")
whole("/te-small", body=b"hi", headers=CHUNKED)
whole("/te-cl", body=b"hi", headers={"Transfer-Encoding": "chunked", "Content-Length": "2"})
whole("/204-te", status=204, headers=CHUNKED)


async def streamed(request, headers):
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    await response.write(b"hello, ")
    await response.write(b"world")
    return response


@routes.get("/stream")
async def stream(request):
    return await streamed(request, {})


@routes.get("/te")
async def te(request):
    return await streamed(request, CHUNKED)


@routes.get("/cl-short")
async def cl_short(request):
    return await streamed(request, {"Content-Length": "99"})


@routes.get("/copy/before")
async def copy_before(request):
    url = upstream + "/chunked"
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return web.Response(body=await answer.read(), status=answer.status, headers=answer.headers)


@routes.get("/copy/after")
async def copy_after(request):
    url = upstream + "/chunked"
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return web.Response(body=await answer.read(), status=answer.status, content_type=answer.content_type)


app = web.Application()
app.add_routes(routes)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
