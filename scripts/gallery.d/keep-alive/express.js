// Express: an idle connection before and after the recipe.
'use strict';
const app = require('express')();

const [variant, port] = process.argv.slice(2);
const host = '127.0.0.1';
app.get('/ok', (req, res) => res.send('hi'));
const variants = {
  before: () => {
    app.listen(port, host);
  },
  after: () => {
    const server = app.listen(port, host);
    server.keepAliveTimeout = 3_700_000;
  },
};
variants[variant]();
