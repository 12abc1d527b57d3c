import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import session from '@fastify/session';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import { ruleFor } from './accounts/policy.js';
import { DatabaseSessions, IDLE_MS } from './accounts/sessions.js';
import { OpenApi } from './api/openapi.js';
import { API, AppModule, type Ground } from './app.module.js';
import { randomToken, Signer } from './common/tokens.js';
import { say } from './language/say.js';
import { REPORT_BYTES } from './mail/report.js';
import { IMPORT_BODY_BYTES } from './opportunities/import-file.js';
import { STYLE_SHEET } from './web/assets.js';
import { house } from './web/layout.js';

const LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/** The fields of a multipart form; a file is its text, and what is no text is not read as one by whoever takes it. One that cannot be read says nothing: the one-click's address is enough. */
async function fieldsOf(request: FastifyRequest, body: Buffer): Promise<Record<string, string>> {
  try {
    // bounded by the parser
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const form = await new Response(body, { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData();
    return Object.fromEntries(
      await Promise.all([...form].map(async ([name, value]) => [name, typeof value === 'string' ? value : await value.text()] as const)),
    );
  } catch {
    return {};
  }
}

/** The whole house, ready to listen, with every route under the policy. */
export async function createApp(ground: Ground): Promise<NestFastifyApplication> {
  const { env } = ground;
  const secure = env.APP_URL.startsWith('https:');
  const adapter = new FastifyAdapter({
    trustProxy: (_address: string, hop: number) => hop < env.TRUSTED_PROXIES,
    bodyLimit: 256 * 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    // an address that cannot be decoded never reaches a route, nor the error filter
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) => {
      void reply
        .status(400)
        .type('application/problem+json')
        .send({ type: 'about:blank', status: 400, code: 'Unreadable', title: say('en', 'error.Unreadable'), errors: [] });
    },
  });
  const routes: string[] = [];
  adapter.getInstance().addHook('onRoute', (route) => {
    if (/\/desk\/imports$/.test(route.url)) route.bodyLimit = IMPORT_BODY_BYTES;
    for (const method of [route.method].flat()) if (method !== 'HEAD' && method !== 'OPTIONS') routes.push(`${method} ${route.url}`);
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.on(ground), adapter, {
    logger: new ConsoleLogger({ logLevels: LEVELS.slice(0, LEVELS.indexOf(env.LOG_LEVEL) + 1) }),
    abortOnError: false,
    rawBody: true, // what a webhook's signature is about
  });

  const signer = new Signer(ground.secret);
  // __Host- keeps other hosts of the domain from setting our cookies; browsers want https for it
  const prefix = secure ? '__Host-' : '';
  const cookies = { path: '/', httpOnly: true, secure, sameSite: 'lax' } as const;
  await app.register(cookie, { secret: signer.sign('cookies') });
  await app.register(session, {
    secret: signer.sign('sessions'),
    cookieName: `${prefix}session`,
    cookie: { ...cookies, maxAge: IDLE_MS },
    saveUninitialized: false,
    rolling: false, // the door puts the end of a session off
    idGenerator: randomToken,
    store: new DatabaseSessions(app.get<DataSource>(getDataSourceToken())),
  });
  await app.register(csrf, {
    cookieKey: `${prefix}csrf`,
    cookieOpts: { ...cookies, signed: true },
    getToken: (request: FastifyRequest) => (request.body as { _csrf?: string } | null)?._csrf,
  });
  // mail clients may send the one-click unsubscribe as multipart (RFC 8058, 3.2), and a form behind a mailed link too
  adapter
    .getInstance()
    .addContentTypeParser('multipart/form-data', { parseAs: 'buffer', bodyLimit: 16_384 }, (request: FastifyRequest, body: Buffer) => fieldsOf(request, body));
  adapter.getInstance().addContentTypeParser('message/rfc822', { parseAs: 'buffer', bodyLimit: REPORT_BYTES }, (request, body, done) => {
    Object.assign(request, { rawBody: body });
    done(null, body);
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        frameSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'same-origin' },
  });
  // one address may be a whole village: keyed on the account where there is one
  await app.register(rateLimit, { global: false, keyGenerator: (request: FastifyRequest) => request.session.get('accountId') ?? request.ip });

  house.chamber = env.CHAMBER_NAME;
  house.address = env.CHAMBER_ADDRESS;
  house.url = env.APP_URL;
  house.zone = env.CHAMBER_TIME_ZONE;
  house.styleSheet = STYLE_SHEET;

  app.get(OpenApi).describe(app, API);
  await app.init();
  const unruled = routes.filter((route) => !ruleFor(...(route.split(' ') as [string, string])));
  if (unruled.length) throw new Error(`routes without a policy: ${unruled.join(', ')}`);
  return app;
}
