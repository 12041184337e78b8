// Fastify: an idle connection before and after the recipe.
'use strict';
const fastify = require('fastify');

const [variant, port] = process.argv.slice(2);
const variants = {
  before: () => {
    const app = fastify();
    return app;
  },
  after: () => {
    const app = fastify({ keepAliveTimeout: 3_700_000 });
    return app;
  },
};
const app = variants[variant]();
app.get('/ok', (req, reply) => reply.send('hi'));
app.listen({ port: Number(port), host: '127.0.0.1' });
