// http-proxy: an idle connection before and after the recipe.
'use strict';
const http = require('node:http');

const [variant, port] = process.argv.slice(2);
const host = '127.0.0.1';
const proxy = require('http-proxy').createProxyServer({ target: process.env.UPSTREAM + '/length', ignorePath: true });
const variants = {
  before: () => {
    const server = http.createServer((req, res) => proxy.web(req, res));
    server.listen(port, host);
  },
  after: () => {
    const server = http.createServer((req, res) => proxy.web(req, res));
    server.keepAliveTimeout = 3_700_000;
    server.listen(port, host);
  },
};
variants[variant]();
