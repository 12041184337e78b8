// A Hono application on its Node server: the cases.
'use strict';
const { serve } = require('@hono/node-server');
const { Hono } = require('hono');

const app = new Hono();
const CHUNKED = { 'Transfer-Encoding': 'chunked' };

app.get('/ok', (c) => c.text('hi'));
app.get('/stream', (c) => c.body(new Blob(['hello, ', 'world']).stream()));
app.get('/te', (c) => c.body(new Blob(['hello, ', 'world']).stream(), 200, CHUNKED));
app.get('/te-small', (c) => c.text('hi', 200, CHUNKED));
app.get('/204-te', (c) => c.body(null, 204, CHUNKED));

serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: '127.0.0.1' });
