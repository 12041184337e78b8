"""WSGI without a framework: before and after each recipe, and the cases."""

import os

import requests

from cases_wsgi import app as cases

upstream = os.environ["UPSTREAM"]


def twice_before(start_response):
    url = upstream + "/length"
    answer = requests.get(url)
    fields = list(answer.headers.items()) + [("Content-Length", str(len(answer.content)))]
    start_response("200 OK", fields)
    return [answer.content]


def twice_after(start_response):
    url = upstream + "/length"
    answer = requests.get(url)
    fields = [("Content-Type", answer.headers["Content-Type"]), ("Content-Length", str(len(answer.content)))]
    start_response("200 OK", fields)
    return [answer.content]


def length_before(start_response):
    url = upstream + "/length"
    answer = requests.get(url)
    start_response("200 OK", [("Content-Length", answer.headers["Content-Length"])])
    return [answer.content.replace(b"hello, ", b"")]


def length_after(start_response):
    url = upstream + "/length"
    answer = requests.get(url)
    body = answer.content.replace(b"hello, ", b"")
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


RECIPES = {
    "/twice/before": twice_before,
    "/twice/after": twice_after,
    "/length/before": length_before,
    "/length/after": length_after,
}


def app(environ, start_response):
    recipe = RECIPES.get(environ["PATH_INFO"])
    return recipe(start_response) if recipe else cases(environ, start_response)
