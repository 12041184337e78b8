// http-proxy-middleware in Express: what it hands on.
'use strict';
const express = require('express');
const { createProxyMiddleware } = require('http-proxy-middleware');

const app = express();
const target = process.env.UPSTREAM;
app.use('/ok', createProxyMiddleware({ target, pathRewrite: () => '/length' }));
app.use('/proxy', createProxyMiddleware({ target, pathRewrite: () => '/chunked' }));
app.listen(Number(process.argv[2]), '127.0.0.1');
