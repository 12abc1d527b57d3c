import { describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { BadSetting, readEnv, SETTING_NAMES } from './env.js';

/** What is said of settings that cannot be used; empty where they can. */
function refusal(vars: Record<string, string>): string {
  try {
    readEnv(vars);
    return '';
  } catch (error) {
    if (error instanceof BadSetting) return error.message;
    throw error;
  }
}

const HERE = fileURLToPath(import.meta.url);

describe('settings', () => {
  it('work when none is given', () => {
    expect(readEnv({})).toEqual({
      ROLE: 'all',
      PORT: 3000,
      HOST: 'localhost',
      APP_URL: 'http://localhost:3000',
      DATA_DIR: '.data',
      MAIL_CONNECTIONS: 5,
      MAIL_FROM: 'digest@rabta.example',
      DKIM_SELECTOR: 'rabta',
      CHAMBER_NAME: 'Hyderabad Chamber (demo)',
      CHAMBER_ADDRESS: 'Hyderabad, Sindh, Pakistan',
      CHAMBER_TIME_ZONE: 'Asia/Karachi',
      TRUSTED_PROXIES: 0,
      LOG_LEVEL: 'warn',
      startedByNpm: false,
    });
  });

  it('count as not given when they are empty or blank', () => {
    for (const nothing of ['', '  \t']) expect(readEnv(Object.fromEntries(SETTING_NAMES.map((name) => [name, nothing])))).toEqual(readEnv({}));
  });

  it('are taken as given, without the spaces around them', () => {
    const given = {
      ROLE: 'web',
      HOST: '0.0.0.0',
      DATA_DIR: '/srv/rabta',
      DATABASE_URL: 'postgres://rabta:pass@db:5432/rabta',
      REDIS_URL: 'rediss://:pass@redis:6380/1',
      SMTP_URL: 'smtps://user:pass@relay.example:465',
      MAIL_FROM: 'leads@chamber.example',
      MAIL_REPLY_TO: 'desk@chamber.example',
      DKIM_DOMAIN: 'chamber.example',
      DKIM_SELECTOR: 'k1',
      DKIM_KEY_FILE: HERE,
      BOUNCE_DOMAIN: 'bounce.chamber.example',
      BOUNCE_HOST: '0.0.0.0',
      BOUNCE_WEBHOOK_SECRET: 'w'.repeat(32),
      CHAMBER_NAME: 'Women’s Chamber',
      CHAMBER_ADDRESS: 'Latifabad, Hyderabad, Sindh, Pakistan',
      CHAMBER_TIME_ZONE: 'Asia/Shanghai',
      SECRET_KEY: 'k'.repeat(32),
      LOG_LEVEL: 'debug',
    };
    const padded = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, ` ${value} `]));
    expect(readEnv({ ...padded, PORT: ' 8080 ', TRUSTED_PROXIES: '2', APP_URL: 'https://rabta.example/' })).toEqual({
      ...given,
      MAIL_CONNECTIONS: 5,
      PORT: 8080,
      TRUSTED_PROXIES: 2,
      APP_URL: 'https://rabta.example',
      startedByNpm: false,
    });
  });

  it.each([
    ['ROLE', 'postmaster'],
    ['PORT', '70000'],
    ['PORT', 'eighty'],
    ['PORT', '80.5'],
    ['APP_URL', 'ftp://hidden.example'],
    ['APP_URL', 'hidden.example'],
    ['DATABASE_URL', 'mysql://rabta:hidden@db/rabta'],
    ['REDIS_URL', 'http://:hidden@redis'],
    ['SMTP_URL', 'http://user:hidden@relay.example'],
    ['MAIL_FROM', 'Hidden <hidden@chamber.example>'],
    ['MAIL_REPLY_TO', 'hidden'],
    ['DKIM_DOMAIN', 'hidden domain'],
    ['DKIM_SELECTOR', 'hidden.selector'],
    ['CHAMBER_NAME', 'hidden'.repeat(30)],
    ['CHAMBER_ADDRESS', 'hidden'.repeat(50)],
    ['CHAMBER_TIME_ZONE', 'Asia/Hyderabad'],
    ['SECRET_KEY', 'hidden-but-short'],
    ['TRUSTED_PROXIES', '99'],
    ['TRUSTED_PROXIES', 'true'],
    ['LOG_LEVEL', 'verbose'],
  ])('name %s when it is bad, and never its value', (name, value) => {
    const said = refusal({ [name]: value });
    expect(said).toContain(`${name}: `);
    expect(said).not.toContain(value);
    expect(said).not.toMatch(/hidden/i);
  });

  it('say what would do where that is a short list', () => {
    expect(refusal({ ROLE: 'postmaster' })).toContain('ROLE: must be one of all, web, worker');
    expect(refusal({ PORT: '70000' })).toContain('65535');
  });

  it('are all named at once when several are bad', () => {
    expect(refusal({ ROLE: 'x', PORT: '-1', SECRET_KEY: 'short' })).toMatch(/ROLE: .*PORT: .*SECRET_KEY: /);
  });

  it('take a DKIM key only with its domain, and only from a file that is there', () => {
    expect(refusal({ DKIM_KEY_FILE: HERE })).toContain('DKIM_DOMAIN');
    const missing = refusal({ DKIM_KEY_FILE: `${HERE}.gone`, DKIM_DOMAIN: 'chamber.example' });
    expect(missing).toContain('DKIM_KEY_FILE');
    expect(missing).not.toContain('.gone');
  });

  it('give a worker alone any free port unless one is set, and everybody else 3000', () => {
    expect(readEnv({ ROLE: 'worker' }).PORT).toBe(0);
    expect(readEnv({ ROLE: 'worker', PORT: '3100' }).PORT).toBe(3100);
    expect(readEnv({ ROLE: 'web' }).PORT).toBe(3000);
  });

  it('build the public address from the port, and take slashes off its end', () => {
    expect(readEnv({ PORT: '4000' }).APP_URL).toBe('http://localhost:4000');
    expect(readEnv({ APP_URL: 'https://rabta.example/trade//' }).APP_URL).toBe('https://rabta.example/trade');
  });

  it('know npm as the parent by its own variable', () => {
    expect(readEnv({ npm_lifecycle_event: 'start' }).startedByNpm).toBe(true);
    expect(readEnv({ npm_lifecycle_event: 'test' }).startedByNpm).toBe(false);
  });

  it('are frozen', () => {
    const env = readEnv({});
    expect(() => Object.assign(env, { PORT: 1 })).toThrow(TypeError);
    expect(env.PORT).toBe(3000);
  });

  it('are read from names that are settings only', () => {
    expect(readEnv({ PATH: '/bin', PORTS: '1' })).toEqual(readEnv({}));
  });
});
