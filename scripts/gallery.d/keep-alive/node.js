// Node's own server: an idle connection before and after the recipe.
'use strict';
const http = require('node:http');

const [variant, port] = process.argv.slice(2);
const host = '127.0.0.1';
const handler = (req, res) => res.end('hi');
const variants = {
  before: () => {
    const server = http.createServer(handler);
    server.listen(port, host);
  },
  after: () => {
    const server = http.createServer(handler);
    server.keepAliveTimeout = 3_700_000;
    server.listen(port, host);
  },
};
variants[variant]();
