/** Looks whether what is around Rabta is as it has to be for mail to arrive, and says in plain words what is not. */
import net from 'node:net';
import { parseArgs } from 'node:util';
import { readProcessEnv } from '../config/env.js';
import { examine } from './doctor/checks.js';

const HELP = `usage: npm run -s doctor -- [--json] [--dns ADDRESS[:PORT]] [--ip ADDRESS]

Looks at the settings (.env and environment), the DNS of the mail domain (SPF, DKIM, DMARC, reverse DNS, where bounces and answers go), the relay,
PostgreSQL and Redis. Changes nothing and sends nothing. Ends with 1 when something is wrong, with 2 when it was asked wrongly.

  --dns ADDRESS[:PORT]  ask this DNS server instead of the machine's own; may be given several times
  --ip ADDRESS          mail goes out to the world from here (default: the relay's address); may be given several times
  --json                {"ok":true,"findings":[{"check","level":"ok|thought|wrong|skipped","says","todo"}]}
  --help                this text`;

const MARK = { ok: 'ok     ', thought: 'THOUGHT', wrong: 'WRONG  ', skipped: '-      ' } as const;

function asked() {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, help: { type: 'boolean' }, dns: { type: 'string', multiple: true }, ip: { type: 'string', multiple: true } },
  });
  for (const ip of values.ip ?? []) if (!net.isIP(ip)) throw new Error(`--ip ${ip} is no address`);
  for (const server of values.dns ?? [])
    if (!net.isIP(server) && !/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d{1,5}$/i.test(server)) throw new Error(`--dns ${server} is no address`);
  return values;
}

try {
  const { json, help, dns = [], ip = [] } = asked();
  if (help) console.log(HELP);
  else {
    const findings = await examine({ env: readProcessEnv('web'), dns, ips: ip });
    const ok = !findings.some(({ level }) => level === 'wrong');
    if (json) console.log(JSON.stringify({ ok, findings }));
    else {
      for (const { check, level, says, todo } of findings) console.log(`${MARK[level]} ${check}: ${says}${todo ? `\n          → ${todo}` : ''}`);
      console.log(ok ? '\nNothing is wrong.' : '\nSomething is wrong: see WRONG above.');
    }
    process.exitCode = ok ? 0 : 1;
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
