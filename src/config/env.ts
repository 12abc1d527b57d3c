import fs from 'node:fs';
import { z } from 'zod';
import { isZone } from '../common/clock.js';

/**
 * Every setting Rabta reads, with its default. `.env.example` lists the same names (a test keeps the two equal).
 * An empty value counts as not set, so that compose files may pass settings through.
 */
const schema = z.object({
  /** Which part of the work this process does; `npm start -- web` says the same. */
  ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  /** 3000; for a worker alone any free one, unless set: it answers only `/health` there. */
  PORT: z.coerce.number().int().min(0).max(65535).optional(),
  /** Address to listen on. */
  HOST: z.string().default('localhost'),
  /** The public address of the portal; every link in a page or mail is built from it, never from the request. */
  APP_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where the embedded PostgreSQL and the local mailbox keep their files. */
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Queues on Redis instead of PostgreSQL. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** A real relay. Without it all mail is caught in the local mailbox. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.email().default('digest@rabta.example'),
  MAIL_REPLY_TO: z.email().optional(),
  /** Connections to the relay that a worker keeps for digests; as many hand-overs may be under way at once, and be lost with it. */
  MAIL_CONNECTIONS: z.coerce.number().int().min(1).max(50).default(5),
  /** Digests a minute that all workers together hand over at most; and to the recipients of one domain. */
  MAIL_PER_MINUTE: z.coerce.number().int().min(1).optional(),
  MAIL_PER_MINUTE_PER_DOMAIN: z.coerce.number().int().min(1).optional(),
  DKIM_DOMAIN: z.hostname().optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9-]+$/i)
    .default('rabta'),
  /** File with the PEM private key (RSA, 2048 bits) that signs mail for DKIM_DOMAIN. */
  DKIM_KEY_FILE: z.string().optional(),
  /** Digests go out with a return path of their own at this domain, so that what comes back names its digest. */
  BOUNCE_DOMAIN: z.hostname().optional(),
  /** Where the web process takes bounces by SMTP; without it it does not listen. */
  BOUNCE_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  /** HOST, unless set. */
  BOUNCE_HOST: z.string().optional(),
  /** Signs reports that come to POST /hooks/mail; without it there is no such route. */
  BOUNCE_WEBHOOK_SECRET: z.string().min(32).optional(),
  CHAMBER_NAME: z.string().max(120).default('Hyderabad Chamber (demo)'),
  CHAMBER_ADDRESS: z.string().max(240).default('Hyderabad, Sindh, Pakistan'),
  CHAMBER_TIME_ZONE: z.string().refine(isZone, { error: 'not an IANA time zone' }).default('Asia/Karachi'),
  /** Signs links and cookies. Without it one is made and kept in the database. */
  SECRET_KEY: z.string().min(32).optional(),
  /** How many proxies in front of the portal may be believed about the caller's address. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(8).default(0),
  LOG_LEVEL: z.enum(['error', 'warn', 'log', 'debug']).default('warn'),
});

/** All settings, read once at start and never changed. */
export type Env = Readonly<
  Omit<z.infer<typeof schema>, 'APP_URL' | 'PORT'> & {
    APP_URL: string;
    PORT: number;
    /** True when npm is the parent: the process then ends with it. */
    startedByNpm: boolean;
  }
>;

/** Names every setting; the documentation check reads it. */
export const SETTING_NAMES = Object.keys(schema.shape);

/** A setting that cannot be used. The message names the setting, never its value. */
export class BadSetting extends Error {
  override readonly name = 'BadSetting';
}

/**
 * Validates the given variables.
 * @throws BadSetting naming every bad variable and what is wrong with it, without its value
 */
export function readEnv(vars: Readonly<Record<string, string | undefined>>): Env {
  const given: Record<string, string | undefined> = Object.fromEntries<string | undefined>(
    SETTING_NAMES.map((name) => [name, vars[name]?.trim() || undefined] as const).filter(([, value]) => value !== undefined),
  );
  const read = schema.safeParse(given);
  if (!read.success) {
    const lines = read.error.issues.map((issue) => `${issue.path.join('.')}: ${withoutValue(issue)}`);
    throw new BadSetting(`Settings that cannot be used: ${lines.join('; ')}. See .env.example.`);
  }
  const env = read.data;
  if (env.DKIM_KEY_FILE && !env.DKIM_DOMAIN) throw new BadSetting('DKIM_KEY_FILE is set but DKIM_DOMAIN is not.');
  if (env.DKIM_KEY_FILE && !fs.existsSync(env.DKIM_KEY_FILE)) throw new BadSetting('DKIM_KEY_FILE names a file that does not exist.');
  if (env.BOUNCE_PORT !== undefined && !env.BOUNCE_DOMAIN) throw new BadSetting('BOUNCE_PORT is set but BOUNCE_DOMAIN is not.');
  const port = env.PORT ?? (env.ROLE === 'worker' ? 0 : 3000);
  return Object.freeze<Env>({
    ...env,
    PORT: port,
    // a worker alone writes links to the portal, which is not on its own port
    APP_URL: (env.APP_URL ?? `http://localhost:${env.PORT ?? 3000}`).replace(/\/+$/, ''),
    startedByNpm: vars['npm_lifecycle_event'] === 'start',
  });
}

/** zod's messages may quote the value ("received …"); these never do. */
function withoutValue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      return `too small or too short (at least ${String(issue.minimum)})`;
    case 'too_big':
      return `too large or too long (at most ${String(issue.maximum)})`;
    case 'invalid_format':
      return issue.format === 'url' ? 'not an address of the right kind' : `not a valid ${issue.format}`;
    case 'invalid_type':
      return `not a ${issue.expected}`;
    case 'custom':
      return issue.message;
    default:
      return 'not valid';
  }
}

/**
 * Reads `.env` beside the program if there is one, then the process environment, which wins.
 * @param role as given on the command line, before ROLE
 */
export function readProcessEnv(role?: string): Env {
  if (fs.existsSync('.env')) process.loadEnvFile('.env');
  return readEnv(role ? { ...process.env, ROLE: role } : process.env);
}
