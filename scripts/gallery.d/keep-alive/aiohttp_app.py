"""aiohttp: an idle connection before and after the recipe."""

import sys

from aiohttp import web

variant, port = sys.argv[1], int(sys.argv[2])
host = "127.0.0.1"


async def ok(request):
    return web.Response(text="hi")


app = web.Application()
app.router.add_get("/ok", ok)
if variant == "before":
    web.run_app(app, host=host, port=port)
else:
    web.run_app(app, host=host, port=port, keepalive_timeout=3700)
