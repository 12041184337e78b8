// http-proxy: what it hands on, and before and after the recipe of those who change the body.
'use strict';
const http = require('node:http');
const httpProxy = require('http-proxy');

const target = process.env.UPSTREAM;
const proxy = httpProxy.createProxyServer({ target, ignorePath: true });
const changing = httpProxy.createProxyServer({ target, ignorePath: true, selfHandleResponse: true });

function before(answer, res, body) {
  res.writeHead(answer.statusCode, { ...answer.headers, 'content-length': Buffer.byteLength(body) });
  res.end(body);
}

function after(answer, res, body) {
  res.writeHead(answer.statusCode, {
    'content-type': answer.headers['content-type'],
    'content-length': Buffer.byteLength(body),
  });
  res.end(body);
}

changing.on('proxyRes', (answer, req, res) => {
  const parts = [];
  answer.on('data', (part) => parts.push(part));
  answer.on('end', () => {
    const body = Buffer.concat(parts).toString().replace('world', 'mesh');
    (req.url.endsWith('before') ? before : after)(answer, res, body);
  });
});

const routes = {
  '/ok': (req, res) => proxy.web(req, res, { target: target + '/length' }),
  '/proxy': (req, res) => proxy.web(req, res, { target: target + '/chunked' }),
  '/change/before': (req, res) => changing.web(req, res, { target: target + '/chunked' }),
  '/change/after': (req, res) => changing.web(req, res, { target: target + '/chunked' }),
};

http.createServer((req, res) => routes[req.url](req, res)).listen(Number(process.argv[2]), '127.0.0.1');
