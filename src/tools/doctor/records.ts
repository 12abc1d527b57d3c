import net from 'node:net';

/** What is found in one place: in order, worth a thought, or wrong. */
export type Level = 'ok' | 'thought' | 'wrong' | 'skipped';

export interface Finding {
  readonly check: string;
  readonly level: Level;
  /** What is so, in plain words. */
  readonly says: string;
  /** What to publish or do, where something is. */
  readonly todo?: string;
}

type Said = Omit<Finding, 'check'>;
const ok = (says: string): Said => ({ level: 'ok', says });
const thought = (says: string, todo: string): Said => ({ level: 'thought', says, todo });
const wrong = (says: string, todo: string): Said => ({ level: 'wrong', says, todo });

/** `a=b; c=d` as SPF's cousins write it; null where it is not of that form. Names in lower case, the first of a name counts. */
export function tags(record: string): Map<string, string> | null {
  const found = new Map<string, string>();
  for (const part of record.split(';')) {
    if (!part.trim()) continue;
    const [, name, value] = /^\s*([a-z][a-z0-9_]*)\s*=([^;]*)$/i.exec(part) ?? [];
    if (!name || value === undefined) return null;
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value.trim());
  }
  return found;
}

/** Second levels under which registries of countries give names away: `chamber.com.pk` belongs to somebody, `com.pk` to nobody. */
const REGISTRY = /^(com|org|net|edu|gov|ac|co|biz|fam|web|info|gok|gop|gos|or|ne|go)\.[a-z]{2}$/;

/** The domain of the organisation, told without a list of public suffixes. */
export function organisation(domain: string): string {
  const labels = domain.toLowerCase().replace(/\.$/, '').split('.');
  return labels.slice(REGISTRY.test(labels.slice(-2).join('.')) ? -3 : -2).join('.');
}

/** Whether two domains are of one organisation: alignment as `relaxed` means it. */
export const isAligned = (a: string, b: string): boolean => organisation(a) === organisation(b);

// DKIM -----------------------------------------------------------------------------------------------------------

export interface DkimKey {
  /** Base64 of the DER form (SubjectPublicKeyInfo) that belongs to the private key we sign with. */
  readonly publicKey: string;
  readonly bits: number;
}

/**
 * @param records TXT records at `<selector>._domainkey.<domain>`
 * @param key of the private key that signs; undefined where there is none to compare
 */
export function judgeDkim(name: string, records: readonly string[], key: DkimKey | undefined): Said[] {
  const publish = `Publish at ${name} one TXT record: ${key ? `v=DKIM1; k=rsa; p=${key.publicKey}` : 'v=DKIM1; k=rsa; p=<the public key>'}`;
  const found = records.filter((record) => /(^|;)\s*p\s*=/i.test(record) || /^\s*v\s*=\s*DKIM1/i.test(record));
  if (!found.length) return [wrong(`There is no DKIM key at ${name}.`, publish)];
  if (found.length > 1) return [wrong(`There are ${found.length} DKIM keys at ${name}; which one counts is left to chance.`, `Leave one. ${publish}`)];
  const read = tags(found[0] ?? '');
  if (!read) return [wrong(`The DKIM record at ${name} cannot be read.`, publish)];
  const said: Said[] = [];
  if (read.has('v') && read.get('v') !== 'DKIM1') said.push(wrong(`The DKIM record says v=${read.get('v')} instead of v=DKIM1.`, publish));
  const type = (read.get('k') ?? 'rsa').toLowerCase();
  if (type !== 'rsa') said.push(wrong(`The DKIM record is for a key of type ${type}; we sign with RSA.`, publish));
  const p = (read.get('p') ?? '').replace(/\s+/g, '');
  if (!p) said.push(wrong(`The DKIM key at ${name} has been withdrawn (p= is empty).`, publish));
  else if (key && p !== key.publicKey) said.push(wrong('The published DKIM key is not the one that belongs to DKIM_KEY_FILE: every signature fails.', publish));
  if (key && key.bits < 1024)
    said.push(wrong(`The DKIM key has only ${key.bits} bits; nobody accepts that.`, 'Make a new RSA key of 2048 bits and publish it under a new selector.'));
  else if (key && key.bits < 2048)
    said.push(thought(`The DKIM key has ${key.bits} bits.`, 'Make a new RSA key of 2048 bits and publish it under a new selector.'));
  const flags = (read.get('t') ?? '').split(':').map((flag) => flag.trim());
  if (flags.includes('y')) said.push(thought('The DKIM record says that it is only a test (t=y).', 'Take t=y out of it.'));
  const hashes = read.get('h');
  if (hashes && !hashes.split(':').some((hash) => hash.trim().toLowerCase() === 'sha256'))
    said.push(wrong(`The DKIM record allows only ${hashes}; we sign with sha256.`, 'Take h= out of it.'));
  const services = read.get('s');
  if (services && !services.split(':').some((service) => ['*', 'email'].includes(service.trim())))
    said.push(wrong('The DKIM record is not meant for mail (s=).', 'Take s= out of it.'));
  return said.length ? said : [ok(`The DKIM key at ${name} is the one that we sign with${key ? `, ${key.bits} bits` : ''}.`)];
}

// DMARC (RFC 9989) -----------------------------------------------------------------------------------------------

const POLICIES = ['none', 'quarantine', 'reject'];

/**
 * @param domain the domain of the sender's address
 * @param at the domain where a record was found, the sender's or one above it
 * @param records TXT records at `_dmarc.<at>`
 */
export function judgeDmarc(domain: string, at: string, records: readonly string[]): Said[] {
  const publish = `Publish at _dmarc.${domain} one TXT record: v=DMARC1; p=none; np=reject; rua=mailto:dmarc@${domain} and, once its reports show nothing wrong, p=quarantine, then p=reject.`;
  const found = records.filter(isDmarc);
  if (!found.length) return [wrong(`There is no DMARC record for ${domain}: large providers turn mail away that comes without.`, publish)];
  if (found.length > 1) return [wrong(`There are ${found.length} DMARC records at _dmarc.${at}; then none counts.`, `Leave one. ${publish}`)];
  const read = tags(found[0] ?? '');
  if (!read) return [wrong(`The DMARC record at _dmarc.${at} cannot be read.`, publish)];
  const said: Said[] = [];
  const policy = read.get('p')?.toLowerCase();
  if (!policy) said.push(wrong('The DMARC record has no policy (p=).', publish));
  else if (!POLICIES.includes(policy)) said.push(wrong(`The DMARC policy p=${policy} does not exist.`, `Use one of ${POLICIES.join(', ')}.`));
  else if (policy === 'none')
    said.push(
      thought(
        'The DMARC policy is p=none: forged mail in your name is only counted.',
        'Once the reports show nothing wrong, publish p=quarantine, then p=reject.',
      ),
    );
  for (const tag of ['sp', 'np'] as const) {
    const value = read.get(tag);
    if (value !== undefined && !POLICIES.includes(value.toLowerCase()))
      said.push(wrong(`The DMARC policy ${tag}=${value} does not exist.`, `Use one of ${POLICIES.join(', ')}.`));
  }
  if (!read.has('np')) said.push(thought('The DMARC record does not say what becomes of mail from names that do not exist below yours.', 'Add np=reject.'));
  const gone = ['pct', 'rf', 'ri'].filter((tag) => read.has(tag));
  if (gone.length)
    said.push(
      thought(
        `The DMARC record still has ${gone.join(', ')}, which RFC 9989 took away; nobody heeds ${gone.length > 1 ? 'them' : 'it'}.`,
        `Take ${gone.join(', ')} out of it${gone.includes('pct') ? '; for a trial there is t=y' : ''}.`,
      ),
    );
  if (read.get('t')?.toLowerCase() === 'y' && policy !== 'none')
    said.push(thought('The DMARC record says that its policy is only on trial (t=y).', 'Take t=y out once the reports show nothing wrong.'));
  const rua = read.get('rua');
  if (!rua) said.push(thought('The DMARC record asks for no reports (rua=), so nobody would notice what goes wrong.', `Add rua=mailto:dmarc@${domain}`));
  else if (!rua.split(',').every((uri) => /^mailto:[^@\s,!]+@[^@\s,!]+(![0-9]+[kmgt]?)?$/i.test(uri.trim())))
    said.push(wrong(`The DMARC reports are sent to ${rua}, which is not an address.`, `Write rua=mailto:dmarc@${domain}`));
  for (const tag of ['adkim', 'aspf'] as const) {
    const value = read.get(tag)?.toLowerCase();
    if (value !== undefined && value !== 'r' && value !== 's')
      said.push(wrong(`The DMARC record says ${tag}=${value}; it can be r or s.`, `Write ${tag}=r, or take it out.`));
  }
  return said.length ? said : [ok(`DMARC is published at _dmarc.${at}, p=${policy}.`)];
}

export const isDmarc = (record: string): boolean => /^\s*v\s*=\s*DMARC1\s*(;|$)/.test(record);

/** How the record wants domains aligned: `s` exactly, `r` in the same organisation. */
export function dmarcAlignment(records: readonly string[]): { readonly dkim: 'r' | 's'; readonly spf: 'r' | 's' } {
  const read = tags(records.find(isDmarc) ?? '');
  const strict = (tag: string) => (read?.get(tag)?.toLowerCase() === 's' ? 's' : 'r');
  return { dkim: strict('adkim'), spf: strict('aspf') };
}

/** Domains outside the sender's own that the record wants reports sent to; each of them has to agree (RFC 9990). */
export function foreignReports(domain: string, records: readonly string[]): string[] {
  const rua = tags(records.find(isDmarc) ?? '')?.get('rua') ?? '';
  const domains = rua.split(',').map((uri) => /@([^!\s]+)/.exec(uri)?.[1]?.toLowerCase() ?? '');
  return [...new Set(domains.filter((other) => other && !isAligned(other, domain)))];
}

/** Whether the domain's own alignment rule is met by the one that signs, or that the envelope names. */
export const meets = (mode: 'r' | 's', a: string, b: string): boolean => (mode === 's' ? a.toLowerCase() === b.toLowerCase() : isAligned(a, b));

// SPF (RFC 7208) -------------------------------------------------------------------------------------------------

/** What SPF needs of the DNS. Each answers with an empty list where there is nothing. */
export interface Lookup {
  txt(name: string): Promise<readonly string[]>;
  /** A and AAAA. */
  addresses(name: string): Promise<readonly string[]>;
  mx(name: string): Promise<readonly string[]>;
}

export interface SpfResult {
  /** What a receiver would make of mail from the address; `error` for a record that cannot be used, with the reason in `faults`. */
  readonly result: 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'error';
  readonly record: string | undefined;
  /** Terms that cost a query, at most 10. */
  readonly lookups: number;
  readonly faults: readonly string[];
}

const isSpf = (record: string): boolean => /^v=spf1( |$)/i.test(record);
const RESULT = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const;
const MOST_LOOKUPS = 10;

/**
 * Evaluates a domain's SPF record for an address.
 * @param ip undefined where it is not known from which one mail goes out: then only the record itself is looked at
 */
export async function evaluateSpf(domain: string, ip: string | undefined, lookup: Lookup): Promise<SpfResult> {
  const state = { lookups: 0, faults: new Set<string>() };
  const records = (await lookup.txt(domain)).filter(isSpf);
  const result = await spfOf(domain, records, ip, lookup, state, []);
  if (state.lookups > MOST_LOOKUPS) state.faults.add(`it needs ${state.lookups} look-ups; more than ${MOST_LOOKUPS} make it void`);
  return { result: state.faults.size ? 'error' : result, record: records[0], lookups: state.lookups, faults: [...state.faults] };
}

async function spfOf(
  domain: string,
  records: readonly string[],
  ip: string | undefined,
  lookup: Lookup,
  state: { lookups: number; faults: Set<string> },
  above: readonly string[],
): Promise<SpfResult['result']> {
  if (!records.length) return 'none';
  if (records.length > 1) {
    state.faults.add(`there are ${records.length} SPF records at ${domain}; only one may be`);
    return 'error';
  }
  if (above.includes(domain) || state.lookups > 3 * MOST_LOOKUPS) {
    state.faults.add(`it includes itself through ${domain}`);
    return 'error';
  }
  let redirect: string | undefined;
  let verdict: SpfResult['result'] | undefined;
  // every term is looked at, even behind the one that decides: what is wrong there is wrong for other addresses
  for (const term of (records[0] ?? '').trim().split(/ +/).slice(1)) {
    const modifier = /^([a-z][\w.-]*)=(.*)$/i.exec(term);
    if (modifier) {
      if (modifier[1]?.toLowerCase() === 'redirect') redirect = modifier[2];
      continue;
    }
    const [, sign = '', name = '', value = '', length = ''] = /^([+?~-]?)([a-z0-9]+)(?::([^/]+|[0-9a-f:.]+(?=\/|$)))?((?:\/{1,2}\d+){0,2})$/i.exec(term) ?? [];
    const outcome = RESULT[(sign || '+') as keyof typeof RESULT];
    const matches = await mechanism(term, name.toLowerCase(), value, length, domain, ip, lookup, state, above);
    if (matches && verdict === undefined) verdict = outcome;
  }
  if (verdict !== undefined) return verdict;
  if (redirect === undefined) return 'neutral';
  state.lookups++;
  const found = await spfOf(redirect, (await lookup.txt(redirect)).filter(isSpf), ip, lookup, state, [...above, domain]);
  if (found === 'none') state.faults.add(`it goes on at ${redirect}, where there is no SPF record`);
  return found;
}

async function mechanism(
  term: string,
  name: string,
  value: string,
  length: string,
  domain: string,
  ip: string | undefined,
  lookup: Lookup,
  state: { lookups: number; faults: Set<string> },
  above: readonly string[],
): Promise<boolean> {
  if (value.includes('%{') && name !== 'ip4' && name !== 'ip6') {
    state.lookups++;
    return false; // made of the sender's own address; no mail server of a chamber needs it
  }
  const [, four = '32', six = '128'] = /^(?:\/(\d+))?(?:\/\/(\d+))?$/.exec(length) ?? [];
  const among = (addresses: readonly string[]): boolean =>
    ip !== undefined && addresses.some((address) => within(ip, address, net.isIPv6(address) ? six : four));
  switch (name) {
    case 'all':
      return true;
    case 'ip4':
    case 'ip6': {
      const bits = length.replace(/^\//, '') || (name === 'ip4' ? '32' : '128');
      if (net.isIP(value) !== (name === 'ip4' ? 4 : 6) || !/^\d+$/.test(bits) || Number(bits) > (name === 'ip4' ? 32 : 128)) {
        state.faults.add(`“${term}” is not an address`);
        return false;
      }
      return ip !== undefined && within(ip, value, bits);
    }
    case 'a':
      state.lookups++;
      return among(await lookup.addresses(value || domain));
    case 'mx': {
      state.lookups++;
      const hosts = await lookup.mx(value || domain);
      return among((await Promise.all(hosts.slice(0, 10).map((host) => lookup.addresses(host)))).flat());
    }
    case 'include': {
      state.lookups++;
      if (!value) {
        state.faults.add('“include” names no domain');
        return false;
      }
      const found = await spfOf(value, (await lookup.txt(value)).filter(isSpf), ip, lookup, state, [...above, domain]);
      if (found === 'none') state.faults.add(`it includes ${value}, where there is no SPF record`);
      return found === 'pass';
    }
    case 'exists':
      state.lookups++;
      return value !== '' && (await lookup.addresses(value)).length > 0;
    case 'ptr':
      state.lookups++;
      return false;
    default:
      state.faults.add(`“${term}” is no term of SPF`);
      return false;
  }
}

/** Whether an address lies in a block. */
function within(ip: string, network: string, bits: string): boolean {
  const family = net.isIPv6(network) ? 'ipv6' : 'ipv4';
  if ((net.isIPv6(ip) ? 'ipv6' : 'ipv4') !== family || Number(bits) > (family === 'ipv4' ? 32 : 128)) return false;
  const block = new net.BlockList();
  block.addSubnet(network, Number(bits), family);
  return block.check(ip, family);
}

/** @param ips where mail goes out from; empty where that is not known */
export function judgeSpf(domain: string, ips: readonly string[], results: readonly SpfResult[]): Said[] {
  const from = ips.map((ip) => (net.isIPv6(ip) ? `ip6:${ip}` : `ip4:${ip}`)).join(' ') || 'ip4:<address of the relay>';
  const publish = `Publish at ${domain} one TXT record: v=spf1 ${from} -all`;
  const [first] = results;
  if (!first?.record && !first?.faults.length) return [wrong(`There is no SPF record for ${domain}, the domain of our envelopes.`, publish)];
  if (first.faults.length) return first.faults.map((fault) => wrong(`The SPF record of ${domain} cannot be used: ${fault}.`, publish));
  const record = first.record ?? '';
  const said: Said[] = [];
  if (/(^| )\+?all( |$)/i.test(record)) said.push(wrong(`The SPF record of ${domain} lets the whole world send in your name (+all).`, 'Let it end in -all.'));
  else if (/ \?all( |$)/i.test(record)) said.push(thought(`The SPF record of ${domain} says nothing of others (?all).`, 'Let it end in -all.'));
  else if (!/ [~-]all( |$)/i.test(record) && !/ redirect=/i.test(record))
    said.push(thought(`The SPF record of ${domain} does not say what to make of others.`, 'Let it end in -all.'));
  if (/ [+?~-]?ptr[ :]?/i.test(record)) said.push(thought(`The SPF record of ${domain} uses ptr, which receivers may leave out.`, 'Name addresses instead.'));
  ips.forEach((ip, i) => {
    const result = results[i]?.result;
    if (result !== 'pass')
      said.push(
        wrong(
          `The SPF record of ${domain} does not allow ${ip}, from where our mail goes out (${result}).`,
          `Add ${net.isIPv6(ip) ? 'ip6' : 'ip4'}:${ip} to it.`,
        ),
      );
  });
  return said.length
    ? said
    : [ok(`SPF of ${domain} ${ips.length ? `allows ${ips.join(' and ')}` : 'is in order'}, ${first.lookups} of ${MOST_LOOKUPS} look-ups.`)];
}

// Reverse DNS ----------------------------------------------------------------------------------------------------

/**
 * @param names what the address is called, each with the addresses that it leads to
 */
export function judgeReverse(ip: string, names: readonly { readonly name: string; readonly addresses: readonly string[] }[]): Said[] {
  const ask = 'Ask whoever gives you the address to name it after the relay, and let that name lead back to it.';
  if (!names.length) return [wrong(`${ip} has no name (PTR): large providers turn its mail away.`, ask)];
  const back = names.filter(({ addresses }) => addresses.some((address) => sameAddress(address, ip)));
  if (!back.length) return [wrong(`${ip} is called ${names.map(({ name }) => name).join(', ')}, but that name does not lead back to it.`, ask)];
  const name = back[0]?.name ?? '';
  if (/(\d{1,3}[.-]){3}\d{1,3}|\b(dynamic|dyn|dsl|dhcp|pool|ppp|broadband|cable)\b/i.test(name))
    return [thought(`${ip} is called ${name}, which looks like somebody's line at home.`, ask)];
  return [ok(`${ip} is called ${name}, and that leads back to it.`)];
}

function sameAddress(a: string, b: string): boolean {
  return net.isIP(a) !== 0 && net.isIP(a) === net.isIP(b) && within(a, b, net.isIPv6(b) ? '128' : '32');
}

// Where bounces go -----------------------------------------------------------------------------------------------

/** @param hosts of the MX records, best first, each with its addresses; `own` the addresses of the domain itself */
export function judgeMx(
  domain: string,
  what: string,
  hosts: readonly { readonly name: string; readonly addresses: readonly string[] }[],
  own: readonly string[],
): Said[] {
  const publish = `Publish at ${domain} an MX record that names the host which takes ${what}.`;
  if (hosts.some(({ name }) => name === '' || name === '.'))
    return [wrong(`${domain} says that it takes no mail at all (a null MX), so ${what} are lost.`, publish)];
  if (!hosts.length)
    return own.length
      ? [thought(`${domain} has no MX record; ${what} go to its own address ${own[0]}.`, publish)]
      : [wrong(`${domain} has neither MX nor address, so ${what} are lost.`, publish)];
  const lost = hosts.filter(({ addresses }) => !addresses.length);
  if (lost.length === hosts.length)
    return [wrong(`The MX of ${domain}, ${lost.map(({ name }) => name).join(', ')}, has no address.`, `Publish an A record for it.`)];
  const numbers = hosts.filter(({ name }) => net.isIP(name));
  if (numbers.length) return [wrong(`The MX of ${domain} is a number; it has to be a name.`, publish)];
  if (lost.length) return [thought(`One MX of ${domain}, ${lost[0]?.name}, has no address.`, 'Publish an A record for it, or take it away.')];
  return [ok(`${what.charAt(0).toUpperCase()}${what.slice(1)} at ${domain} go to ${hosts[0]?.name}.`)];
}

// Clock ----------------------------------------------------------------------------------------------------------

/** Beyond this leases and schedules of several machines disagree. */
export const SKEW_MS = 5000;

/** @param skewMs ours minus theirs */
export function judgeClock(what: string, skewMs: number): Said {
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
  if (Math.abs(skewMs) < SKEW_MS) return ok(`The clocks of this machine and ${what} are ${seconds} s apart.`);
  return wrong(
    `The clock of this machine is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} that of ${what}.`,
    'Let both follow the same time server (NTP).',
  );
}
