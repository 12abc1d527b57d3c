import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DEMO_FIRMS } from '../src/demo/firms.js';
import { freePort } from './support/house.js';

const MINUTES = 300_000;
/** Firms of the 25 that no open opportunity fits well enough. */
const WITHOUT_DIGEST = [16, 19, 22];

const folders: string[] = [];
const folder = (): string => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rabta-start-'));
  fs.chmodSync(dir, 0o755);
  folders.push(dir);
  return dir;
};
const started: Start[] = [];
// what a failed expectation left running must not outlive it
afterEach(async () => {
  for (const start of started.splice(0)) start.kill('SIGKILL');
  for (const dir of folders) await gone(dir);
});
afterAll(() => folders.forEach((dir) => fs.rmSync(dir, { recursive: true, force: true })));

class Start {
  output = '';
  readonly child: ChildProcess;

  constructor(vars: Record<string, string>, role: string[] = []) {
    // as at a bare machine: nothing of this test's environment but the path
    this.child = spawn('npm', ['start', '--silent', ...(role.length ? ['--', ...role] : [])], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...vars },
    });
    started.push(this);
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  /** To the whole group, as a terminal does. */
  kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.child.pid ?? 0), signal);
    } catch {
      // gone already
    }
  }

  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }
}

const ready = async (port: number, seconds: number): Promise<boolean> => {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((next) => setTimeout(next, 100))) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.status === 200) return true;
  }
  return false;
};

/** Processes of a PostgreSQL on this data folder. */
const serversOn = (dir: string): number =>
  fs
    .readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${dir}/pgdata`);
      } catch {
        return false;
      }
    }).length;

const gone = async (dir: string): Promise<boolean> => {
  for (let i = 0; i < 100 && serversOn(dir) > 0; i++) await new Promise((next) => setTimeout(next, 50));
  return serversOn(dir) === 0;
};

interface Message {
  to: string;
  headers: Record<string, string>;
}
const digests = async (port: number): Promise<Message[]> => {
  const messages = (await (await fetch(`http://127.0.0.1:${port}/mailbox/messages.json`)).json()) as Message[];
  return messages.filter((message) => message.headers['list-id']);
};

/** Every firm that must have one has one digest, in its contact's language; the others none. */
const expectDigests = (mails: readonly Message[]): void => {
  const got = DEMO_FIRMS.filter((firm) => firm.number <= 25).map(({ number, contact, language }) => {
    const own = mails.filter((mail) => mail.to.includes(contact.email));
    return { number, mails: own.length, language: own[0]?.headers['content-language'] ?? language.replace('zh', 'zh-Hans') };
  });
  expect(got).toEqual(
    DEMO_FIRMS.filter((firm) => firm.number <= 25).map(({ number, language }) => ({
      number,
      mails: WITHOUT_DIGEST.includes(number) ? 0 : 1,
      language: language.replace('zh', 'zh-Hans'),
    })),
  );
  for (const firm of DEMO_FIRMS.filter(({ state }) => state))
    expect({ firm: firm.state, mails: mails.filter((m) => m.to.includes(firm.contact.email)).length }).toEqual({ firm: firm.state, mails: 0 });
};

describe('npm start', () => {
  it(
    'on nothing at all loads the demo chamber and mails the digests it should; a second start keeps them; SIGTERM leaves no PostgreSQL',
    async () => {
      const [dir, port] = [folder(), await freePort()];
      const first = new Start({ PORT: String(port), DATA_DIR: dir });
      expect(await ready(port, 60)).toBe(true);
      expectDigests(await digests(port));
      expect(first.output).toContain('administrator@rabta.example');
      first.kill('SIGTERM');
      expect(await first.ended()).toBe(0);
      expect(await gone(dir)).toBe(true);

      const second = new Start({ PORT: String(port), DATA_DIR: dir });
      expect(await ready(port, 30)).toBe(true);
      expectDigests(await digests(port));
      expect(second.output).not.toContain('shown only now');
      // a third one beside it says in one line what is wrong, and harms nothing
      const third = new Start({ PORT: String(port), DATA_DIR: dir });
      expect(await third.ended()).toBe(1);
      expect(third.output.trim().split('\n')).toEqual([`Rabta cannot start: port ${port} is in use. Stop the other program, or set PORT to another one.`]);
      expect(await ready(port, 5)).toBe(true);
      second.kill('SIGINT');
      await second.ended();
      expect(await gone(dir)).toBe(true);
    },
    MINUTES,
  );

  it(
    'killed with -9 ten times at random moments loses nothing and doubles nothing',
    async () => {
      const [dir, port] = [folder(), await freePort()];
      // the moments are spread over the whole first run, the mailing most of all
      const moments = [0.4, 0.9, 1.4, 1.8, 2.2, 2.5, 2.8, 3.1, 3.5, 4].map((seconds) => seconds + Math.random() * 0.6);
      for (const seconds of moments) {
        const start = new Start({ PORT: String(port), DATA_DIR: dir });
        await new Promise((next) => setTimeout(next, seconds * 1000));
        start.kill('SIGKILL');
        await start.ended();
      }
      const last = new Start({ PORT: String(port), DATA_DIR: dir });
      expect({ ready: await ready(port, 60), output: last.output }).toMatchObject({ ready: true });
      expectDigests(await digests(port));
      last.kill('SIGTERM');
      await last.ended();
      expect(await gone(dir)).toBe(true);
    },
    MINUTES,
  );

  it(
    'says in one line what it cannot use: a setting, without its value, and a data folder',
    async () => {
      const setting = new Start({ PORT: String(await freePort()), DATA_DIR: folder(), DATABASE_URL: 'mysql://root:hunter2@db/x' });
      expect(await setting.ended()).toBe(1);
      expect(setting.output).toMatch(/^Rabta cannot start: .*DATABASE_URL/);
      expect(setting.output).not.toContain('hunter2');
      expect(setting.output.trim().split('\n')).toHaveLength(1);

      const dir = folder();
      fs.mkdirSync(path.join(dir, 'pgdata'));
      fs.writeFileSync(path.join(dir, 'pgdata', 'PG_VERSION'), 'not a version');
      const broken = new Start({ PORT: String(await freePort()), DATA_DIR: dir });
      expect(await broken.ended()).toBe(1);
      expect(broken.output.trim().split('\n').at(-1)).toMatch(/^Rabta cannot start: The embedded PostgreSQL did not start/);
    },
    MINUTES,
  );

  it(
    'runs web and worker as two processes on one data folder',
    async () => {
      const [dir, port] = [folder(), await freePort()];
      const web = new Start({ PORT: String(port), DATA_DIR: dir }, ['web']);
      expect(await ready(port, 60)).toBe(true);
      const worker = new Start({ DATA_DIR: dir }, ['worker']);
      for (let i = 0; i < 300 && !worker.output.includes('worker is ready'); i++) await new Promise((next) => setTimeout(next, 100));
      expect(worker.output).toContain('worker is ready');
      worker.kill('SIGTERM');
      expect(await worker.ended()).toBe(0);
      web.kill('SIGTERM');
      expect(await web.ended()).toBe(0);
      expect(await gone(dir)).toBe(true);
    },
    MINUTES,
  );
});
