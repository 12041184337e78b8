// An Express application: the cases, and before and after each recipe.
'use strict';
const express = require('express');

const app = express();
const upstream = process.env.UPSTREAM;

app.get('/ok', (req, res) => res.type('text/plain').send('hi'));
app.get('/stream', (req, res) => {
  res.type('text/plain').write('hello, ');
  res.end('world');
});
app.get('/te', (req, res) => {
  res.set('Transfer-Encoding', 'chunked').write('hello, ');
  res.end('world');
});
app.get('/te-small', (req, res) => res.set('Transfer-Encoding', 'chunked').send('hi'));
app.get('/te-cl', (req, res) => res.set({ 'Transfer-Encoding': 'chunked', 'Content-Length': '2' }).end('hi'));
app.get('/204-te', (req, res) => res.status(204).set('Transfer-Encoding', 'chunked').end());
app.get('/copy/before', async (req, res) => {
  const answer = await fetch(upstream + '/chunked');
  const body = Buffer.from(await answer.arrayBuffer());
  res.status(answer.status).set(Object.fromEntries(answer.headers));
  res.set('Content-Length', body.length).end(body);
});
app.get('/copy/after', async (req, res) => {
  const answer = await fetch(upstream + '/chunked');
  const body = Buffer.from(await answer.arrayBuffer());
  res.status(answer.status).type(answer.headers.get('content-type'));
  res.set('Content-Length', body.length).end(body);
});
app.get('/copy-send', async (req, res) => {
  const answer = await fetch(upstream + '/chunked');
  res.status(answer.status).set(Object.fromEntries(answer.headers));
  res.send(Buffer.from(await answer.arrayBuffer()));
});
app.get('/copy-gzip/before', async (req, res) => {
  const answer = await fetch(upstream + '/gzip');
  res.status(answer.status).set(Object.fromEntries(answer.headers));
  res.end(Buffer.from(await answer.arrayBuffer()));
});
app.get('/copy-gzip/after', async (req, res) => {
  const answer = await fetch(upstream + '/gzip');
  res.status(answer.status).type(answer.headers.get('content-type'));
  res.end(Buffer.from(await answer.arrayBuffer()));
});
app.get('/no-content/before', async (req, res) => {
  const answer = await fetch(upstream + '/chunked');
  res.status(204).set(Object.fromEntries(answer.headers)).end();
});
app.get('/no-content/after', async (req, res) => {
  await fetch(upstream + '/chunked');
  res.status(204).end();
});

app.listen(Number(process.argv[2]), '127.0.0.1');
