import { Redis } from 'ioredis';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import fs from 'node:fs';
import net from 'node:net';
import pg from 'pg';
import type { Env } from '../../config/env.js';
import { isReserved } from '../../mail/outcome.js';
import {
  dmarcAlignment,
  type DkimKey,
  evaluateSpf,
  type Finding,
  foreignReports,
  isDmarc,
  judgeClock,
  judgeDkim,
  judgeDmarc,
  judgeMx,
  judgeReverse,
  judgeSpf,
  type Lookup,
  meets,
  organisation,
} from './records.js';

/** No single question may take longer. */
const PATIENCE_MS = 5000;

export interface Asked {
  readonly env: Env;
  /** DNS servers, `127.0.0.1:5300`; the machine's own where there is none. */
  readonly dns: readonly string[];
  /** Addresses from which mail goes out to the world; those of the relay where none is given. */
  readonly ips: readonly string[];
}

const NOTHING = new Set(['ENOTFOUND', 'ENODATA', 'NODATA', 'NXDOMAIN']);

/** The DNS, where no answer is an empty list and a server that does not answer is an error. */
class Names implements Lookup {
  private readonly resolver = new Resolver({ timeout: 2000, tries: 2 });

  constructor(servers: readonly string[]) {
    if (servers.length) this.resolver.setServers([...servers]);
  }

  private async list<T>(ask: Promise<readonly T[]>): Promise<readonly T[]> {
    try {
      return await withPatience(ask);
    } catch (error) {
      if (NOTHING.has((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  }

  async txt(name: string): Promise<readonly string[]> {
    return (await this.list(this.resolver.resolveTxt(name))).map((parts) => parts.join(''));
  }

  async addresses(name: string): Promise<readonly string[]> {
    if (net.isIP(name)) return [name];
    const [four, six] = await Promise.all([this.list(this.resolver.resolve4(name)), this.list(this.resolver.resolve6(name))]);
    return [...four, ...six];
  }

  async mx(name: string): Promise<readonly string[]> {
    const records = await this.list(this.resolver.resolveMx(name));
    return [...records].sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
  }

  reverse(ip: string): Promise<readonly string[]> {
    return this.list(this.resolver.reverse(ip));
  }

  withAddresses(names: readonly string[]): Promise<{ name: string; addresses: readonly string[] }[]> {
    return Promise.all(names.map(async (name) => ({ name, addresses: name ? await this.addresses(name) : [] })));
  }
}

function withPatience<T>(work: Promise<T>, ms = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(Object.assign(new Error(`no answer within ${ms / 1000} s`), { code: 'ETIMEOUT' })), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

type Said = Omit<Finding, 'check'>;

/** Looks at everything that mail and work depend on; every part by itself, so that one that hangs or fails hides no other. */
export async function examine({ env, dns, ips }: Asked): Promise<Finding[]> {
  const names = new Names(dns);
  const relay = env.SMTP_URL === undefined ? undefined : new URL(env.SMTP_URL);
  const from = env.MAIL_FROM.slice(env.MAIL_FROM.indexOf('@') + 1);
  const outgoing = ips.length ? ips : await relayAddresses(names, relay);
  const parts: [string, () => Promise<Said[]> | Said[]][] = [
    ['address of the portal', () => portal(env)],
    ['sender', () => sender(env, from)],
    ['SPF', () => spf(names, env.BOUNCE_DOMAIN ?? from, outgoing)],
    ['DKIM', () => dkim(names, env)],
    ['DMARC', () => dmarc(names, env, from)],
    ['reverse DNS', () => reverse(names, outgoing)],
    ['answers', () => answers(names, env)],
    ['bounces', () => bounces(names, env)],
    ['relay', () => smtp(env, relay)],
    ['PostgreSQL', () => postgres(env)],
    ['Redis', () => redis(env)],
  ];
  const found = await Promise.all(
    parts.map(async ([check, look]) => {
      try {
        return (await look()).map((said) => ({ check, ...said }));
      } catch (error) {
        return [{ check, ...unanswered(error) }];
      }
    }),
  );
  return found.flat();
}

function unanswered(error: unknown): Said {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  const dns = syscall?.startsWith('query') === true || code === 'ETIMEOUT' || code === 'ESERVFAIL';
  return {
    level: 'wrong',
    says: dns ? `The DNS did not answer (${code}).` : message,
    todo: dns ? 'Try again; if it stays so, ask whoever runs the name servers of the domain.' : 'Put that right and look again.',
  };
}

/** The relay's own, where it stands in the open; one on this machine or a private net tells nothing of where its mail comes out. */
async function relayAddresses(names: Names, relay: URL | undefined): Promise<readonly string[]> {
  if (!relay) return [];
  try {
    return (await names.addresses(relay.hostname)).filter((ip) => !isPrivate(ip));
  } catch {
    return [];
  }
}

const isPrivate = (ip: string): boolean => /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.|::1$|f[cd]|fe80:)/i.test(ip);

function portal(env: Env): Said[] {
  const url = new URL(env.APP_URL);
  const todo = 'Set APP_URL to the public address of the portal, https://… behind a proxy with TLS.';
  if (/^(localhost|127\.|\[::1\])/.test(url.hostname))
    return [{ level: 'wrong', says: `Every link in a mail leads to ${url.origin}, which is only this machine.`, todo }];
  if (url.protocol !== 'https:') return [{ level: 'wrong', says: `Links in mails begin with ${url.protocol}//: one-click unsubscribe needs https.`, todo }];
  return [{ level: 'ok', says: `Links in mails lead to ${url.origin}.` }];
}

function sender(env: Env, from: string): Said[] {
  if (isReserved(env.MAIL_FROM))
    return [
      { level: 'wrong', says: `Mail comes from ${env.MAIL_FROM}, a domain that belongs to nobody.`, todo: 'Set MAIL_FROM to an address of your own domain.' },
    ];
  return [{ level: 'ok', says: `Mail comes from an address at ${from}.` }];
}

async function spf(names: Names, domain: string, ips: readonly string[]): Promise<Said[]> {
  const results = await Promise.all((ips.length ? ips : [undefined]).map((ip) => evaluateSpf(domain, ip, names)));
  const said = judgeSpf(domain, ips, results);
  if (ips.length) return said;
  return [
    ...said,
    {
      level: 'thought',
      says: 'From which address mail goes out is not known, so whether SPF allows it was not looked at.',
      todo: 'Look again with --ip ADDRESS.',
    },
  ];
}

async function dkim(names: Names, env: Env): Promise<Said[]> {
  if (!env.DKIM_DOMAIN || !env.DKIM_KEY_FILE)
    return [
      {
        level: 'wrong',
        says: 'Mail is not signed (DKIM): large providers turn it away.',
        todo: 'Make a key with: openssl genrsa -out dkim.pem 2048, and set DKIM_DOMAIN and DKIM_KEY_FILE.',
      },
    ];
  const said: Said[] = [];
  let key: DkimKey | undefined;
  try {
    const mode = fs.statSync(env.DKIM_KEY_FILE).mode;
    if (mode & 0o077)
      said.push({ level: 'thought', says: 'Others on this machine may read the private DKIM key.', todo: 'chmod 600 the file that DKIM_KEY_FILE names.' });
    const secret = createPrivateKey(fs.readFileSync(env.DKIM_KEY_FILE));
    if (secret.asymmetricKeyType !== 'rsa') throw new Error('not RSA');
    const open = createPublicKey(secret);
    key = { publicKey: open.export({ type: 'spki', format: 'der' }).toString('base64'), bits: secret.asymmetricKeyDetails?.modulusLength ?? 0 };
  } catch {
    said.push({ level: 'wrong', says: 'DKIM_KEY_FILE holds no private RSA key that can be read.', todo: 'Make one with: openssl genrsa -out dkim.pem 2048' });
  }
  const name = `${env.DKIM_SELECTOR}._domainkey.${env.DKIM_DOMAIN}`;
  return [...said, ...judgeDkim(name, await names.txt(name), key)];
}

async function dmarc(names: Names, env: Env, from: string): Promise<Said[]> {
  // from the sender's domain upwards; RFC 9989 goes on to the top, the organisation's is as far as ours can lie
  const labels = from.split('.');
  const most = labels.length - organisation(from).split('.').length;
  let at = from;
  let records: readonly string[] = [];
  for (let up = 0; up <= most && !records.some(isDmarc); up++) {
    at = labels.slice(up).join('.');
    records = await names.txt(`_dmarc.${at}`);
  }
  const said = judgeDmarc(from, at, records);
  const { dkim: byKey, spf: byEnvelope } = dmarcAlignment(records);
  if (env.DKIM_DOMAIN && !meets(byKey, env.DKIM_DOMAIN, from))
    said.push({
      level: 'wrong',
      says: `Mail is signed for ${env.DKIM_DOMAIN}, which is not aligned with ${from}: DMARC does not count the signature.`,
      todo: `Set DKIM_DOMAIN to ${from}.`,
    });
  if (env.BOUNCE_DOMAIN && !meets(byEnvelope, env.BOUNCE_DOMAIN, from))
    said.push({
      level: 'thought',
      says: `Envelopes name ${env.BOUNCE_DOMAIN}, which is not aligned with ${from}: DMARC then rests on DKIM alone.`,
      todo: byEnvelope === 's' ? 'Write aspf=r into the DMARC record.' : `Set BOUNCE_DOMAIN to a domain below ${organisation(from)}.`,
    });
  for (const other of foreignReports(from, records)) {
    const allowed = (await names.txt(`${from}._report._dmarc.${other}`)).some((record) => /^\s*v\s*=\s*DMARC1/.test(record));
    if (!allowed)
      said.push({
        level: 'wrong',
        says: `DMARC reports go to ${other}, which has not agreed to take them.`,
        todo: `Ask them to publish at ${from}._report._dmarc.${other} a TXT record: v=DMARC1`,
      });
  }
  return said;
}

async function reverse(names: Names, ips: readonly string[]): Promise<Said[]> {
  if (!ips.length) return [{ level: 'skipped', says: 'From which address mail goes out is not known; look again with --ip ADDRESS.' }];
  return (await Promise.all(ips.map(async (ip) => judgeReverse(ip, await names.withAddresses(await names.reverse(ip)))))).flat();
}

async function answers(names: Names, env: Env): Promise<Said[]> {
  const address = env.MAIL_REPLY_TO ?? env.MAIL_FROM;
  const domain = address.slice(address.indexOf('@') + 1);
  return judgeMx(domain, 'answers of readers', await names.withAddresses(await names.mx(domain)), await names.addresses(domain));
}

async function bounces(names: Names, env: Env): Promise<Said[]> {
  if (!env.BOUNCE_DOMAIN)
    return [
      {
        level: 'thought',
        says: 'Nobody learns of mail that comes back: it goes to the sender’s address.',
        todo: 'Set BOUNCE_DOMAIN, and BOUNCE_PORT or BOUNCE_WEBHOOK_SECRET.',
      },
    ];
  const said = judgeMx(env.BOUNCE_DOMAIN, 'bounces', await names.withAddresses(await names.mx(env.BOUNCE_DOMAIN)), await names.addresses(env.BOUNCE_DOMAIN));
  if (env.BOUNCE_PORT === undefined && !env.BOUNCE_WEBHOOK_SECRET)
    return [...said, { level: 'wrong', says: 'Bounces have a domain, but nothing here takes them.', todo: 'Set BOUNCE_PORT or BOUNCE_WEBHOOK_SECRET.' }];
  return said;
}

async function smtp(env: Env, relay: URL | undefined): Promise<Said[]> {
  if (!relay) return [{ level: 'wrong', says: 'There is no relay: all mail stays in the local mailbox.', todo: 'Set SMTP_URL.' }];
  const secure = relay.protocol === 'smtps:';
  const port = Number(relay.port || (secure ? 465 : 25));
  const at = `${relay.hostname}:${port}`;
  const here = /^(localhost|127\.|\[::1\])/.test(relay.hostname);
  const connection = new SMTPConnection({
    host: relay.hostname,
    port,
    secure,
    name: env.MAIL_FROM.slice(env.MAIL_FROM.indexOf('@') + 1),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: 2 * PATIENCE_MS,
  });
  connection.on('error', () => undefined);
  try {
    await withPatience(
      new Promise<void>((ready, failed) => {
        connection.once('error', failed);
        connection.connect((error) => (error ? failed(error) : ready()));
      }),
      3 * PATIENCE_MS,
    );
    const said: Said[] = [];
    if (connection.secure) said.push({ level: 'ok', says: `The relay ${at} answers, with TLS and a certificate that holds.` });
    else if (here) said.push({ level: 'ok', says: `The relay ${at} answers, on this machine.` });
    else
      said.push({
        level: 'wrong',
        says: `The relay ${at} answers without TLS: passwords and mails go over the net in clear.`,
        todo: 'Let the relay offer STARTTLS, or use smtps://.',
      });
    const user = decodeURIComponent(relay.username);
    if (user) {
      await withPatience(
        new Promise<void>((ready, failed) =>
          connection.login({ credentials: { user, pass: decodeURIComponent(relay.password) } }, (error) => (error ? failed(error) : ready())),
        ),
        3 * PATIENCE_MS,
      ).then(
        () => said.push({ level: 'ok', says: 'The relay takes our user and password.' }),
        (error: unknown) =>
          said.push({
            level: 'wrong',
            says: `The relay refuses our user or password (${((error as { response?: string }).response ?? (error as Error).message).slice(0, 120)}).`,
            todo: 'Put user and password in SMTP_URL right.',
          }),
      );
    }
    return said;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const certificate = /certificate|self[- ]signed|altname/i.test(message);
    return [
      {
        level: 'wrong',
        says: certificate ? `The certificate of the relay ${at} does not hold: ${message}.` : `The relay ${at} does not answer (${code ?? message}).`,
        todo: certificate
          ? 'Give the relay a certificate for the name in SMTP_URL, or use the name that is in it.'
          : 'See that it runs, and that no firewall stands between.',
      },
    ];
  } finally {
    connection.close();
  }
}

/** How far this machine's clock is from the other's, the way there and back shared out. */
async function skew(theirs: () => Promise<number>): Promise<number> {
  const before = Date.now();
  const there = await theirs();
  return (before + Date.now()) / 2 - there;
}

async function postgres(env: Env): Promise<Said[]> {
  if (!env.DATABASE_URL)
    return [
      {
        level: 'wrong',
        says: 'The database is the embedded one, which is for trying out.',
        todo: 'Set DATABASE_URL to a PostgreSQL of your own, with backups.',
      },
    ];
  const client = new pg.Client({
    connectionString: env.DATABASE_URL,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
    application_name: 'rabta doctor',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const one = async <T>(sql: string): Promise<T> => (await client.query(sql)).rows[0] as T;
    const { version, encoding } = await one<{ version: number; encoding: string }>(
      `select current_setting('server_version_num')::int version, current_setting('server_encoding') encoding`,
    );
    const said: Said[] = [];
    if (version < 160000)
      said.push({ level: 'wrong', says: `PostgreSQL is version ${Math.floor(version / 10000)}.`, todo: 'Move to 16 or newer; 18 is advised.' });
    if (encoding !== 'UTF8') said.push({ level: 'wrong', says: `The database keeps text as ${encoding}.`, todo: 'Make it anew with encoding UTF8.' });
    const { fsync, synchronous } = await one<{ fsync: string; synchronous: string }>(
      `select current_setting('fsync') fsync, current_setting('synchronous_commit') as synchronous`,
    );
    if (fsync !== 'on' || synchronous === 'off')
      said.push({
        level: 'wrong',
        says: 'PostgreSQL may forget what it has said is safe (fsync or synchronous_commit is off): a digest could then go out twice.',
        todo: 'Set both on.',
      });
    if (!said.length) said.push({ level: 'ok', says: `PostgreSQL ${Math.floor(version / 10000)} answers.` });
    said.push(
      judgeClock('PostgreSQL', await skew(async () => Number((await one<{ now: string }>('select extract(epoch from clock_timestamp()) * 1000 as now')).now))),
    );
    return said;
  } catch (error) {
    return [
      {
        level: 'wrong',
        says: `PostgreSQL does not answer (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`,
        todo: 'See that it runs and that DATABASE_URL names it, its user and password.',
      },
    ];
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function redis(env: Env): Promise<Said[]> {
  if (!env.REDIS_URL) return [{ level: 'skipped', says: 'Queues are on PostgreSQL.' }];
  const client = new Redis(env.REDIS_URL, {
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const said: Said[] = [];
    const info = await client.info();
    const value = (name: string): string | undefined => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();
    if (value('maxmemory_policy') !== 'noeviction')
      said.push({
        level: 'wrong',
        says: `Redis throws keys away when it is full (${value('maxmemory_policy')}), and jobs with them.`,
        todo: 'Set maxmemory-policy noeviction.',
      });
    if (value('aof_enabled') !== '1') said.push({ level: 'wrong', says: 'Redis forgets its jobs when it is restarted.', todo: 'Set appendonly yes.' });
    if (!said.length) said.push({ level: 'ok', says: `Redis ${value('redis_version')} answers, keeps what it has and writes it down.` });
    said.push(
      judgeClock(
        'Redis',
        await skew(async () => {
          const [seconds, micros] = await client.time();
          return Number(seconds) * 1000 + Number(micros) / 1000;
        }),
      ),
    );
    return said;
  } catch (error) {
    return [
      {
        level: 'wrong',
        says: `Redis does not answer (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`,
        todo: 'See that it runs and that REDIS_URL names it and its password.',
      },
    ];
  } finally {
    client.disconnect();
  }
}
