import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { Readiness } from '../../src/api/readiness.js';
import { createApp } from '../../src/app.js';
import { FixedClock } from '../../src/common/clock.js';
import { randomToken } from '../../src/common/tokens.js';
import { type Env, readEnv } from '../../src/config/env.js';
import { openQueues, type QueueBackend } from '../../src/jobs/queues.js';
import { type CaughtMail, Mailbox } from '../../src/mail/mailbox.js';
import { WorkerService } from '../../src/worker/worker.service.js';

export type Backend = 'postgres' | 'redis';

/** Both queue backends; Redis only where redis-server is installed (with CI=true its absence has already failed the run). */
export const BACKENDS: readonly Backend[] = process.env['TEST_REDIS_URL'] ? ['postgres', 'redis'] : ['postgres'];

/** A Tuesday, 07:00 in Karachi: an hour before the weekly digest. */
export const TUESDAY = new Date('2026-11-24T02:00:00Z');

export interface House {
  readonly app: NestFastifyApplication;
  readonly env: Env;
  readonly source: DataSource;
  readonly clock: FixedClock;
  readonly url: string;
  readonly worker: WorkerService;
  readonly queues: QueueBackend;
  readonly databaseUrl: string;
  /** Undefined where the queues are on PostgreSQL. */
  readonly redisUrl: string | undefined;
  get<T>(type: new (...args: never[]) => T): T;
  /** Mails caught so far, newest first. */
  mails(): Promise<CaughtMail[]>;
  /** Waits until the condition holds; fails after ten seconds. */
  until(condition: () => Promise<boolean> | boolean, what: string): Promise<void>;
  close(): Promise<void>;
}

export interface HouseOptions {
  readonly backend?: Backend;
  readonly at?: Date;
  /** False: no worker runs; jobs wait. */
  readonly work?: boolean;
  /** A relay instead of the mailbox, which stays where it is. */
  readonly relayUrl?: string;
  /** Settings; with SMTP_URL there is no mailbox, as in a house that runs. */
  readonly env?: Record<string, string>;
}

/** The whole program on a database of its own, listening on a free port. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const admin = new URL(process.env['TEST_DATABASE_URL'] ?? '');
  const database = `t_${randomUUID().replaceAll('-', '')}`;
  admin.pathname = '/postgres';
  await query(admin.href, `create database ${database} template template`);
  const databaseUrl = new URL(admin);
  databaseUrl.pathname = `/${database}`;
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rabta-house-'));
  const port = await freePort();
  const env = readEnv({ PORT: String(port), HOST: '127.0.0.1', APP_URL: `http://127.0.0.1:${port}`, DATA_DIR: dir, LOG_LEVEL: 'error', ...options.env });
  const redisUrl = options.backend === 'redis' ? await emptyRedis() : undefined;
  const queues = await openQueues(databaseUrl.href, redisUrl);
  const mailbox = env.SMTP_URL ? null : new Mailbox(path.join(dir, 'mailbox'));
  const relayUrl = options.relayUrl ?? env.SMTP_URL ?? (await mailbox?.listen()) ?? '';
  const clock = new FixedClock(options.at ?? TUESDAY);
  const leave = async (): Promise<void> => {
    await queues.close();
    await mailbox?.close();
    await query(admin.href, `drop database ${database} with (force)`);
    fs.rmSync(dir, { recursive: true, force: true });
  };
  const app = await createApp({ env, databaseUrl: databaseUrl.href, secret: randomToken(), queues, relayUrl, mailbox, clock }).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  await app.listen(port, '127.0.0.1');
  app.get(Readiness).waitingFor = null;
  const worker = app.get(WorkerService);
  if (options.work !== false) worker.start();
  return {
    app,
    env,
    source: app.get<DataSource>(getDataSourceToken()),
    clock,
    url: env.APP_URL,
    worker,
    queues,
    databaseUrl: databaseUrl.href,
    redisUrl,
    get: (type) => app.get(type),
    mails: () => mailbox?.messages() ?? Promise.resolve([]),
    until,
    close: async () => {
      await worker.stop();
      await app.close();
      await leave();
    },
  };
}

/** Each jest worker keeps to databases of its own. */
const firstRedisDatabase = (Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) * 8;
let redisHouses = 0;

/** A database of Redis without anything that an earlier house left there. */
async function emptyRedis(): Promise<string> {
  const url = `${process.env['TEST_REDIS_URL']}/${firstRedisDatabase + (redisHouses++ % 8)}`;
  const client = new Redis(url);
  await client.flushdb();
  client.disconnect();
  return url;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((next) => setTimeout(next, 25))) if (await condition()) return;
  throw new Error(`waited ten seconds in vain for: ${what}`);
}

/** Sweeps until the condition holds: a sweep that finds the worker's own at work leaves everything to that one. */
export const swept = (house: House, condition: () => Promise<boolean>, what: string): Promise<void> =>
  until(async () => {
    await house.worker.sweep();
    return condition();
  }, what);

export const freePort = (): Promise<number> =>
  new Promise((found) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => found(port));
    });
  });

/** A program that talks to the house as a browser or an API client would. */
export class Visitor {
  private readonly cookies = new Map<string, string>();
  token: string | undefined;

  constructor(readonly url: string) {}

  async send(method: string, address: string, options: { body?: unknown; form?: Record<string, string>; headers?: Record<string, string> } = {}) {
    const headers: Record<string, string> = { ...options.headers };
    if (this.cookies.size) headers['cookie'] = this.cookieLine;
    if (this.token) headers['authorization'] = `Bearer ${this.token}`;
    let body: string | undefined;
    if (options.form) {
      headers['content-type'] ??= 'application/x-www-form-urlencoded';
      body = new URLSearchParams(options.form).toString();
    } else if (options.body !== undefined) {
      headers['content-type'] ??= 'application/json';
      body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
    }
    const response = await fetch(new URL(address, this.url), { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as never };
  }

  /** Its cookies, for a browser that goes on where it is. */
  jar(): [name: string, value: string][] {
    return [...this.cookies];
  }

  get cookieLine(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get(address: string, headers: Record<string, string> = {}) {
    return this.send('GET', address, { headers });
  }

  post(address: string, body: unknown) {
    return this.send('POST', address, { body });
  }

  /** Opens the page, fills in its form's token, and sends the fields. */
  async submit(page: string, action: string, fields: Record<string, string>) {
    const { text } = await this.get(page);
    const csrf = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
    return this.send('POST', action, { form: { _csrf: csrf, ...fields } });
  }
}

let people = 0;

export interface Person {
  readonly email: string;
  readonly password: string;
}

/** A chamber account that can sign in, its second factor set up. */
export async function chamberAccount(house: House, role: 'curator' | 'administrator'): Promise<Person> {
  const accounts = house.get(AccountsService);
  const person = { email: `${role}${++people}@chamber.example`, password: 'a long enough phrase' };
  const passwordHash = await accounts.hashPassword(person.password);
  const { id } = await accounts.create(house.source.manager, { email: person.email, passwordHash, name: role, role, language: 'en', firmId: null });
  await accounts.secondFactor.enrolled(house.source.manager, id);
  return person;
}

/** The code that the account's app shows now; null where it needs none. Clocks stand still here, so one that has been used may be used again. */
export async function codeOf(house: House, email: string): Promise<string | null> {
  const accounts = house.get(AccountsService);
  const account = await accounts.byEmail(email);
  if (!account) return null;
  await house.source.query('update second_factor set last_step = 0, failures = 0, failed_at = null where account_id = $1', [account.id]);
  return accounts.secondFactor.codeNow(account.id);
}

/** A program signed in with a token. */
export async function client(house: House, { email, password }: Person): Promise<Visitor> {
  const signed = new Visitor(house.url);
  signed.token = ((await signed.post('/api/v1/session', { email, password })).json() as { token: string }).token;
  const code = await codeOf(house, email);
  if (code) signed.token = ((await signed.post('/api/v1/session/second-factor', { code })).json() as { token: string }).token;
  const program = new Visitor(house.url);
  program.token = signed.token;
  return program;
}

/** A browser signed in with a cookie, by the page. */
export async function browser(house: House, { email, password }: Person): Promise<Visitor> {
  const visitor = new Visitor(house.url);
  const answer = await visitor.submit('/sign-in', '/sign-in', { email, password });
  if (answer.status !== 303) throw new Error(answer.text);
  const code = await codeOf(house, email);
  if (code) {
    const given = await visitor.submit('/second-factor', '/second-factor', { code });
    if (given.status !== 303) throw new Error(given.text);
  }
  return visitor;
}

/** A chamber account, and a program signed in with it. */
export const signedIn = async (house: House, role: 'curator' | 'administrator'): Promise<Visitor> => client(house, await chamberAccount(house, role));

/** A registration that nothing is wrong with. */
export const registration = (over: Record<string, unknown> = {}) => ({
  firmName: 'Kunri Sun Chillies',
  contactName: 'Naila Arain',
  email: `naila${++people}@kunri-sun.example`,
  password: 'chillies dry in the sun',
  language: 'en',
  digestConsent: true,
  place: 'Kunri',
  offers: [{ text: 'Whole dried red chillies, Longi', hs: ['0904.21'] }],
  ...over,
});

/** A lead that nothing is wrong with. */
export const lead = (over: Record<string, unknown> = {}) => ({
  kind: 'buy_request',
  title: { en: 'Dried whole red chillies', ur: 'ثابت خشک سرخ مرچ' },
  summary: { en: 'Every month, by container.' },
  hs: ['090421'],
  sectors: ['agriculture'],
  quantity: { amount: 20, unit: 't', period: 'month' },
  country: 'CN',
  counterparty: 'Lantern Foods',
  counterpartyEmail: 'buy@lantern-foods.example',
  ...over,
});

export const GOOD_MARKS = { clear: 4, complete: 4, source: 4, wanted: 4 };

export interface MemberFirm extends Person {
  readonly firmId: string;
  readonly contactId: string;
  readonly member: Visitor;
}

/** Registers, confirms and admits a firm; returns its id and a client signed in as its member. */
export async function memberFirm(house: House, over: Record<string, unknown> = {}): Promise<MemberFirm> {
  const given = registration(over);
  await new Visitor(house.url).post('/api/v1/firms', given);
  const [contact] = await house.source.query<{ id: string; firm_id: string }[]>('select id, firm_id from contact where email = $1', [given.email]);
  if (!contact) throw new Error('the firm was not registered');
  await house.source.query('update contact set confirmed_at = $2 where id = $1', [contact.id, house.clock.now()]);
  const administrator = await signedIn(house, 'administrator');
  await administrator.post(`/api/v1/firms/${contact.firm_id}/admit`, { membershipClass: 'associate', membershipNumber: 'A-1' });
  return { firmId: contact.firm_id, contactId: contact.id, email: given.email, password: given.password, member: await client(house, given) };
}

/** Drafts, submits and publishes a lead; returns its id. */
export async function publishedLead(curator: Visitor, over: Record<string, unknown> = {}): Promise<string> {
  const { id } = (await curator.post('/api/v1/desk/opportunities', lead(over))).json() as { id: string };
  await curator.post(`/api/v1/desk/opportunities/${id}/submit`, {});
  const published = await curator.post(`/api/v1/desk/opportunities/${id}/publish`, GOOD_MARKS);
  if (published.status !== 200) throw new Error(published.text);
  return id;
}

/** A meeting day of four slots. */
export const MEETING_DAY = { name: 'Meetings', date: '2027-03-10', venue: 'Chamber Hall', tables: 2, opens: '09:00', closes: '11:00', slotMinutes: 30 };

/** A meeting day to which these firms and who is behind the lead come, its timetable accepted and published; its id, and that of the first firm there. */
export async function meetingDay(
  house: House,
  curator: Visitor,
  firmIds: readonly string[],
  opportunityId: string,
): Promise<{ dayId: string; attendeeId: string; restore: () => Promise<void> }> {
  const { id: dayId } = (await curator.post('/api/v1/desk/meetings', MEETING_DAY)).json() as { id: string };
  const at = `/api/v1/desk/meetings/${dayId}`;
  for (const firmId of firmIds) await curator.post(`${at}/attendees`, { firmId });
  const day = (await curator.post(`${at}/attendees`, { opportunityId })).json() as { attendees: { id: string; side: string; firmId: string | null }[] };
  const attendeeId = day.attendees.find(({ firmId }) => firmId === firmIds[0])?.id ?? '';
  const wants = day.attendees.filter(({ side }) => side === 'counterparty').map(({ id }) => id);
  await curator.send('PUT', `${at}/attendees/${attendeeId}`, { body: { wants } });
  await curator.post(`${at}/timetable`, { do: 'propose' });
  await house.until(async () => ((await curator.get(at)).json() as { latest: { state: string } | null }).latest?.state === 'proposed', 'the timetable');
  await curator.post(`${at}/timetable`, { do: 'accept' });
  const published = await curator.post(`${at}/timetable`, { do: 'publish' });
  if (published.status !== 200) throw new Error(published.text);
  // whoever was taken off the list comes again
  const restore = async (): Promise<void> => {
    await house.source.query(`insert into meeting_attendee (id, day_id, side, firm_id) values ($1, $2, 'firm', $3) on conflict do nothing`, [
      attendeeId,
      dayId,
      firmIds[0],
    ]);
  };
  return { dayId, attendeeId, restore };
}
