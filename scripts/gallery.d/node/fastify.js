// A Fastify application: the cases, and before and after each recipe.
'use strict';
const { Readable } = require('node:stream');

const app = require('fastify')();
const upstream = process.env.UPSTREAM;

app.get('/ok', (req, reply) => reply.type('text/plain').send('hi'));
app.get('/stream', (req, reply) => reply.type('text/plain').send(Readable.from(['hello, ', 'world'])));
app.get('/te', (req, reply) => reply.header('Transfer-Encoding', 'chunked').send(Readable.from(['hello, ', 'world'])));
app.get('/te-small', (req, reply) => reply.header('Transfer-Encoding', 'chunked').send('hi'));
app.get('/204-te', (req, reply) => reply.code(204).header('Transfer-Encoding', 'chunked').send());
app.get('/cl-long', (req, reply) => reply.header('Content-Length', '1').send('hi'));
app.get('/copy/before', async (req, reply) => {
  const answer = await fetch(upstream + '/chunked');
  return reply.code(answer.status).headers(Object.fromEntries(answer.headers)).send(await answer.text());
});
app.get('/copy/after', async (req, reply) => {
  const answer = await fetch(upstream + '/chunked');
  return reply.code(answer.status).type(answer.headers.get('content-type')).send(await answer.text());
});
app.get('/no-content/before', async (req, reply) => {
  const answer = await fetch(upstream + '/chunked');
  return reply.code(204).headers(Object.fromEntries(answer.headers)).send();
});
app.get('/no-content/after', async (req, reply) => {
  await fetch(upstream + '/chunked');
  return reply.code(204).send();
});

app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
