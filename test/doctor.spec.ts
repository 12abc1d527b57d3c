import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import net from 'node:net';
import { SMTPServer } from 'smtp-server';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import type { Finding } from '../src/tools/doctor/records.js';
import { NameServer, type Records } from './support/dns.js';
import { freePort } from './support/house.js';

const IP = '203.0.113.9';
const PASSWORD = 'pass-of-the-relay';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PUBLIC = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

let dir: string;
let dns: NameServer;
let relay: SMTPServer;
let postgres: EmbeddedPostgres;
let settings: Record<string, string>;

/** A mail domain with which nothing is wrong. */
const GOOD: Record<string, Records> = {
  'chamber.pk': { mx: ['10 mx.chamber.pk'] },
  'bounce.chamber.pk': { txt: [`v=spf1 ip4:${IP} -all`], mx: ['20 second.chamber.pk', '10 mx.chamber.pk'] },
  'mx.chamber.pk': { a: ['203.0.113.20'] },
  'second.chamber.pk': { a: ['2001:db8::20'] },
  'rabta._domainkey.chamber.pk': { txt: [`v=DKIM1; k=rsa; p=${PUBLIC}`] },
  '_dmarc.chamber.pk': { txt: ['v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@chamber.pk'] },
  '9.113.0.203.in-addr.arpa': { ptr: ['relay.chamber.pk'] },
  'relay.chamber.pk': { a: [IP] },
};

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rabta-doctor-'));
  fs.chmodSync(dir, 0o755);
  const keyFile = path.join(dir, 'dkim.pem');
  fs.writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  dns = await NameServer.open();
  relay = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      username === 'rabta' && password === PASSWORD ? done(null, { user: username }) : done(new Error('no')),
  });
  relay.on('error', () => undefined);
  await new Promise<void>((listening) => relay.listen(0, '127.0.0.1', () => listening()));
  // other than the one of the tests it keeps what it says it keeps
  postgres = await startEmbeddedPostgres({ dir, database: 'doctor' });
  settings = {
    APP_URL: 'https://rabta.chamber.pk',
    MAIL_FROM: 'digest@chamber.pk',
    DKIM_DOMAIN: 'chamber.pk',
    DKIM_KEY_FILE: keyFile,
    BOUNCE_DOMAIN: 'bounce.chamber.pk',
    BOUNCE_PORT: '2525',
    SMTP_URL: `smtp://rabta:${PASSWORD}@127.0.0.1:${(relay.server.address() as net.AddressInfo).port}`,
    DATABASE_URL: postgres.url,
  };
});
afterAll(async () => {
  await postgres.stop();
  await new Promise<void>((closed) => relay.close(() => closed()));
  await dns.close();
  fs.rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => {
  dns.names = { ...GOOD };
  dns.silent.clear();
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The tool itself, in a process of its own and a folder without settings. */
function doctor(args: string[], over: Record<string, string | undefined> = {}, node: string[] = []): Promise<Ran> {
  const env = Object.fromEntries(Object.entries({ PATH: process.env['PATH'], ...settings, ...over }).filter(([, value]) => value !== undefined));
  const child = spawn(process.execPath, [...node, path.resolve('dist/tools/doctor.js'), ...args], { cwd: dir, env });
  return new Promise((done) => {
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => done({ code, out, err }));
  });
}

async function findings(over: Record<string, string | undefined> = {}, args = ['--ip', IP], node: string[] = []) {
  const { code, out } = await doctor(['--json', '--dns', dns.address, ...args], over, node);
  const read = JSON.parse(out) as { ok: boolean; findings: Finding[] };
  expect(read.ok).toBe(!read.findings.some(({ level }) => level === 'wrong'));
  expect(code).toBe(read.ok ? 0 : 1);
  for (const { level, todo } of read.findings) if (level === 'wrong' || level === 'thought') expect(todo).toBeTruthy();
  return read.findings;
}

const wrong = async (...given: Parameters<typeof findings>) =>
  (await findings(...given)).filter(({ level }) => level === 'wrong').map(({ check, says }) => `${check}: ${says}`);

describe('the doctor', () => {
  it('finds nothing wrong where nothing is, and says so in words', async () => {
    expect((await findings()).filter(({ level }) => level !== 'ok')).toEqual([{ check: 'Redis', level: 'skipped', says: 'Queues are on PostgreSQL.' }]);
    const { code, out } = await doctor(['--dns', dns.address, '--ip', IP]);
    expect(code).toBe(0);
    expect(out).toContain('Nothing is wrong.');
    expect(out).toContain('The relay takes our user and password.');
    expect(out).not.toContain(PASSWORD);
  });

  it.each<[string, Record<string, Records>, string]>([
    ['no SPF', { 'bounce.chamber.pk': { mx: ['10 mx.chamber.pk'] } }, 'SPF: There is no SPF record for bounce.chamber.pk'],
    [
      'SPF for another address',
      { 'bounce.chamber.pk': { txt: ['v=spf1 mx -all'], mx: ['10 mx.chamber.pk'] } },
      `SPF: The SPF record of bounce.chamber.pk does not allow ${IP}`,
    ],
    [
      'another DKIM key',
      { 'rabta._domainkey.chamber.pk': { txt: [`v=DKIM1; k=rsa; p=${PUBLIC.replace('A', 'B')}`] } },
      'DKIM: The published DKIM key is not the one',
    ],
    ['no DKIM key', { 'rabta._domainkey.chamber.pk': {} }, 'DKIM: There is no DKIM key'],
    ['no DMARC', { '_dmarc.chamber.pk': {} }, 'DMARC: There is no DMARC record'],
    [
      'DMARC reports to strangers',
      { '_dmarc.chamber.pk': { txt: ['v=DMARC1; p=reject; np=reject; rua=mailto:x@reports.pk'] } },
      'DMARC: DMARC reports go to reports.pk',
    ],
    ['no reverse name', { '9.113.0.203.in-addr.arpa': {} }, `reverse DNS: ${IP} has no name`],
    ['a reverse name that leads elsewhere', { 'relay.chamber.pk': { a: ['198.51.100.1'] } }, 'reverse DNS: 203.0.113.9 is called relay.chamber.pk, but'],
    ['nobody who takes bounces', { 'bounce.chamber.pk': { txt: [`v=spf1 ip4:${IP} -all`] } }, 'bounces: bounce.chamber.pk has neither MX nor address'],
    ['nobody who takes answers', { 'chamber.pk': { mx: ['0 .'] } }, 'answers: chamber.pk says that it takes no mail'],
  ])('finds %s', async (_, names, says) => {
    Object.assign(dns.names, names);
    const found = await wrong();
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(says);
  });

  it('finds the DMARC record of the organisation above the sender’s domain', async () => {
    dns.names['digest.chamber.pk'] = { mx: ['10 mx.chamber.pk'] };
    expect(await wrong({ MAIL_FROM: 'news@digest.chamber.pk' })).toEqual([]);
    dns.names['_dmarc.chamber.pk'] = { txt: ['v=DMARC1; p=quarantine; np=reject; adkim=s; rua=mailto:dmarc@chamber.pk'] };
    expect(await wrong({ MAIL_FROM: 'news@digest.chamber.pk' })).toEqual([
      'DMARC: Mail is signed for chamber.pk, which is not aligned with digest.chamber.pk: DMARC does not count the signature.',
    ]);
  });

  it('takes its time for a DNS that says nothing, but not for ever, and looks at the rest all the same', async () => {
    dns.silent.add('_dmarc.chamber.pk').add('9.113.0.203.in-addr.arpa');
    const began = Date.now();
    const found = await wrong();
    expect(found.map((line) => line.split(':')[0])).toEqual(['DMARC', 'reverse DNS']);
    expect(found.join()).toContain('The DNS did not answer');
    expect(Date.now() - began).toBeLessThan(25_000);
  });

  it('finds settings that are not for production', async () => {
    expect(await wrong({ APP_URL: 'http://rabta.chamber.pk' })).toEqual([expect.stringContaining('one-click unsubscribe needs https')]);
    expect(await wrong({ APP_URL: undefined })).toEqual([expect.stringContaining('only this machine')]);
    expect(await wrong({ DKIM_KEY_FILE: undefined })).toEqual([expect.stringContaining('Mail is not signed')]);
    expect(await wrong({ BOUNCE_PORT: undefined })).toEqual([expect.stringContaining('nothing here takes them')]);
    expect(await wrong({ SMTP_URL: undefined })).toEqual([expect.stringContaining('There is no relay')]);
    const bare = await wrong({ DATABASE_URL: undefined, MAIL_FROM: undefined });
    expect(bare.join('\n')).toContain('a domain that belongs to nobody');
    expect(bare.join('\n')).toContain('The database is the embedded one');
  });

  it('finds a relay that does not answer, refuses the password, or shows a certificate that does not hold', async () => {
    expect(await wrong({ SMTP_URL: `smtp://127.0.0.1:${await freePort()}` })).toEqual(
      [expect.stringContaining('does not answer (ECONNECTION)')].map(() => expect.stringMatching(/relay: .*does not answer/)),
    );
    const refused = await wrong({ SMTP_URL: settings['SMTP_URL']!.replace(PASSWORD, 'a-wrong-one') });
    expect(refused).toEqual([expect.stringContaining('refuses our user or password')]);
    expect(refused.join()).not.toContain('a-wrong-one');
    const selfSigned = new SMTPServer({ authOptional: true, logger: false });
    selfSigned.on('error', () => undefined);
    await new Promise<void>((listening) => selfSigned.listen(0, '127.0.0.1', () => listening()));
    try {
      const { port } = selfSigned.server.address() as net.AddressInfo;
      expect(await wrong({ SMTP_URL: `smtp://127.0.0.1:${port}` })).toEqual([expect.stringContaining('does not hold')]);
    } finally {
      await new Promise<void>((closed) => selfSigned.close(() => closed()));
    }
    // greets nobody
    const mute = net.createServer(() => undefined);
    await new Promise<void>((listening) => mute.listen(0, '127.0.0.1', () => listening()));
    try {
      const began = Date.now();
      expect(await wrong({ SMTP_URL: `smtp://127.0.0.1:${(mute.address() as net.AddressInfo).port}` })).toEqual([
        expect.stringMatching(/relay: .*does not answer/),
      ]);
      expect(Date.now() - began).toBeLessThan(20_000);
    } finally {
      mute.close();
    }
  });

  it('finds a clock that is off, a PostgreSQL that forgets, one that is not there, and a Redis that forgets', async () => {
    const ahead = ['--import', 'data:text/javascript,const now=Date.now;Date.now=()=>now()+60000;'];
    expect(await wrong({}, ['--ip', IP], ahead)).toEqual([expect.stringMatching(/clock of this machine is (59|60|61)\.\d s ahead of that of PostgreSQL/)]);
    expect(await wrong({ DATABASE_URL: process.env['TEST_DATABASE_URL'] })).toEqual([expect.stringContaining('PostgreSQL may forget')]);
    expect(await wrong({ DATABASE_URL: `postgres://x:y@127.0.0.1:${await freePort()}/x` })).toEqual([
      expect.stringContaining('PostgreSQL does not answer (ECONNREFUSED)'),
    ]);
    expect(await wrong({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` })).toEqual([expect.stringContaining('Redis does not answer')]);
    const redis = process.env['TEST_REDIS_URL'];
    const found = redis ? await wrong({ REDIS_URL: redis }) : ['Redis: Redis forgets its jobs when it is restarted.'];
    expect(found).toEqual(['Redis: Redis forgets its jobs when it is restarted.']);
  });

  it('says what it cannot know without the address from which mail goes out', async () => {
    const found = await findings({}, []);
    expect(found.filter(({ level }) => level !== 'ok').map(({ check, level }) => [check, level])).toEqual([
      ['SPF', 'thought'],
      ['reverse DNS', 'skipped'],
      ['Redis', 'skipped'],
    ]);
  });

  it('explains itself, and refuses what it does not understand', async () => {
    const help = await doctor(['--help']);
    expect([help.code, help.out]).toEqual([0, expect.stringContaining('usage: npm run -s doctor')]);
    for (const args of [['--ip', 'relay'], ['--dns', 'dns.pk'], ['--what']]) expect(await doctor(args)).toMatchObject({ code: 2, out: '' });
    expect(await doctor([], { MAIL_FROM: 'nobody' })).toMatchObject({ code: 2, err: expect.stringContaining('MAIL_FROM') });
  });
});
