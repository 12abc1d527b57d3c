// The limit that `npm run bench:web` compares with: a NestJS page that returns, from memory, the bytes that it is told to.
import 'reflect-metadata';
import { Controller, Get, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

if (!process.send) {
  console.log('usage: bare.mjs\nStarted by npm run bench:web.');
  process.exit(0);
}
let pages = [];
class Pages {
  page(request, reply) {
    void reply.status(200).type('text/html; charset=utf-8').send(pages[Number(request.headers['x-page'])]);
  }
}
Controller()(Pages);
Get('*')(Pages.prototype, 'page', Object.getOwnPropertyDescriptor(Pages.prototype, 'page'));
Req()(Pages.prototype, 'page', 0);
Res()(Pages.prototype, 'page', 1);
class Bare {}
Module({ controllers: [Pages] })(Bare);

const app = await NestFactory.create(Bare, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.on('message', (bodies) => {
  pages = bodies.map((body) => Buffer.from(body, 'utf8'));
  process.send('taken');
});
process.on('disconnect', () => process.exit(0));
process.send({ port: app.getHttpServer().address().port });
