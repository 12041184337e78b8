// Node's own server: the cases, and before and after each recipe.
'use strict';
const http = require('node:http');

const upstream = process.env.UPSTREAM;
const CHUNKED = { 'Transfer-Encoding': 'chunked' };

function parts(res, headers) {
  res.writeHead(200, headers);
  res.write('hello, ');
  res.end('world');
}

const routes = {
  '/ok': (res) => res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 2 }).end('hi'),
  '/stream': (res) => parts(res, { 'Content-Type': 'text/plain' }),
  '/te': (res) => parts(res, CHUNKED),
  '/te-small': (res) => res.writeHead(200, CHUNKED).end('hi'),
  '/te-cap': (res) => parts(res, { 'Transfer-Encoding': 'Chunked' }),
  '/te-cl': (res) => res.writeHead(200, { ...CHUNKED, 'Content-Length': 2 }).end('hi'),
  '/te-gzip': (res) => parts(res, { 'Transfer-Encoding': 'gzip, chunked' }),
  '/te2': (res) => parts(res, { 'Transfer-Encoding': ['chunked', 'chunked'] }),
  '/204-te': (res) => res.writeHead(204, CHUNKED).end(),
  '/204-cl': (res) => res.writeHead(204, { 'Content-Length': 2 }).end(),
  '/cl-short': (res) => res.writeHead(200, { 'Content-Length': 9 }).end('hi'),
  '/cl-long': (res) => res.writeHead(200, { 'Content-Length': 1 }).end('hi'),
  '/cl2': (res) => res.writeHead(200, ['Content-Length', '2', 'Content-Length', '2']).end('hi'),

  '/copy/before': async (res) => {
    const answer = await fetch(upstream + '/chunked');
    const body = Buffer.from(await answer.arrayBuffer());
    res.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'Content-Length': body.length });
    res.end(body);
  },
  '/copy/after': async (res) => {
    const answer = await fetch(upstream + '/chunked');
    const body = Buffer.from(await answer.arrayBuffer());
    res.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type'), 'Content-Length': body.length });
    res.end(body);
  },
  '/copy-gzip/before': async (res) => {
    const answer = await fetch(upstream + '/gzip');
    res.writeHead(answer.status, Object.fromEntries(answer.headers));
    res.end(Buffer.from(await answer.arrayBuffer()));
  },
  '/copy-gzip/after': async (res) => {
    const answer = await fetch(upstream + '/gzip');
    res.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') });
    res.end(Buffer.from(await answer.arrayBuffer()));
  },
  '/no-content/before': async (res) => {
    const answer = await fetch(upstream + '/chunked');
    res.writeHead(204, Object.fromEntries(answer.headers));
    res.end();
  },
  '/no-content/after': async (res) => {
    await fetch(upstream + '/chunked');
    res.writeHead(204);
    res.end();
  },
};

http.createServer((req, res) => routes[req.url](res)).listen(Number(process.argv[2]), '127.0.0.1');
