import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  dmarcAlignment,
  evaluateSpf,
  foreignReports,
  isAligned,
  judgeClock,
  judgeDkim,
  judgeDmarc,
  judgeMx,
  judgeReverse,
  judgeSpf,
  type Lookup,
  meets,
  organisation,
  tags,
} from './records.js';

type Zone = Readonly<Record<string, { readonly txt?: readonly string[]; readonly a?: readonly string[]; readonly mx?: readonly string[] }>>;

/** A DNS that knows these names and no others. */
const zone = (names: Zone): Lookup => ({
  txt: (name) => Promise.resolve(names[name]?.txt ?? []),
  addresses: (name) => Promise.resolve(names[name]?.a ?? []),
  mx: (name) => Promise.resolve(names[name]?.mx ?? []),
});

const IP = '203.0.113.9';
const spf = (record: string | readonly string[], others: Zone = {}, ip: string | undefined = IP) =>
  evaluateSpf('chamber.pk', ip, zone({ ...others, 'chamber.pk': { txt: [record].flat(), a: ['203.0.113.80'], mx: ['mx.chamber.pk'] } }));
const judgedSpf = async (record: string | readonly string[], others: Zone = {}) => judgeSpf('chamber.pk', [IP], [await spf(record, others)]);
const text = (said: readonly { level: string; says: string; todo?: string }[]) => said.map(({ level, says }) => `${level} ${says}`).join('\n');

describe('SPF', () => {
  it.each([
    ['v=spf1 ip4:203.0.113.9 -all', 'pass'],
    ['v=spf1 ip4:203.0.113.0/24 -all', 'pass'],
    ['V=SPF1 IP4:203.0.113.9 -ALL', 'pass'],
    ['v=spf1 ip4:203.0.113.8 -all', 'fail'],
    ['v=spf1 ip4:203.0.113.8 ~all', 'softfail'],
    ['v=spf1 ip4:203.0.113.8 ?all', 'neutral'],
    ['v=spf1 ip4:203.0.113.8', 'neutral'],
    ['v=spf1 -ip4:203.0.113.9 +all', 'fail'],
    ['v=spf1 ip6:2001:db8::/32 -all', 'fail'],
    ['v=spf1 a -all', 'fail'],
    ['v=spf1 a/24 -all', 'pass'],
    ['v=spf1 a:relay.chamber.pk -all', 'pass'],
    ['v=spf1 mx -all', 'pass'],
    ['v=spf1 mx:chamber.pk/32 -all', 'pass'],
    ['v=spf1 include:_spf.host.pk -all', 'pass'],
    ['v=spf1 include:_no.host.pk -all', 'fail'],
    ['v=spf1 redirect=_spf.host.pk', 'pass'],
    ['v=spf1 -all redirect=_spf.host.pk', 'fail'],
    ['v=spf1 exists:yes.host.pk -all', 'pass'],
    ['v=spf1 exists:%{i}.host.pk ptr -all', 'fail'],
  ])('%s gives %s', async (record, result) => {
    const others: Zone = {
      'relay.chamber.pk': { a: [IP] },
      'mx.chamber.pk': { a: ['2001:db8::9', IP] },
      '_spf.host.pk': { txt: ['other text', 'v=spf1 ip4:203.0.113.0/28 -all'] },
      '_no.host.pk': { txt: ['v=spf1 ip4:198.51.100.0/24 -all'] },
      'yes.host.pk': { a: ['127.0.0.2'] },
    };
    expect(await spf(record, others)).toMatchObject({ result, faults: [] });
  });

  it('of IPv6 is told apart from IPv4', async () => {
    expect((await spf('v=spf1 ip6:2001:db8::/32 -all', {}, '2001:db8::5')).result).toBe('pass');
    expect((await spf('v=spf1 ip4:0.0.0.0/0 -all', {}, '2001:db8::5')).result).toBe('fail');
    expect((await spf('v=spf1 a:x.pk//64 -all', { 'x.pk': { a: ['2001:db8::1'] } }, '2001:db8::5')).result).toBe('pass');
  });

  it.each([
    [[], 'wrong There is no SPF record'],
    [['google-site-verification=x', 'v=spf10 -all'], 'wrong There is no SPF record'],
    [['v=spf1 -all', 'v=spf1 mx -all'], 'there are 2 SPF records'],
    [['v=spf1 ipv4:203.0.113.9 -all'], '“ipv4:203.0.113.9” is no term'],
    [['v=spf1 ip4:203.0.113 -all'], '“ip4:203.0.113” is not an address'],
    [['v=spf1 ip4:203.0.113.9/33 -all'], 'is not an address'],
    [['v=spf1 include:gone.pk -all'], 'it includes gone.pk, where there is no SPF record'],
    [['v=spf1 include -all'], '“include” names no domain'],
    [['v=spf1 redirect=gone.pk'], 'it goes on at gone.pk'],
    [['v=spf1 include:chamber.pk -all'], 'includes itself'],
    [[`v=spf1 ${Array.from({ length: 11 }, (_, i) => `a:h${i}.pk`).join(' ')} ip4:${IP} -all`], '11 look-ups'],
    [['v=spf1 ip4:198.51.100.1 -all'], `does not allow ${IP}`],
    [['v=spf1 +all'], 'lets the whole world'],
    [['v=spf1 all'], 'lets the whole world'],
    [[`v=spf1 ip4:${IP} ?all`], 'thought'],
    [[`v=spf1 ip4:${IP}`], 'does not say what to make of others'],
    [[`v=spf1 ip4:${IP} ptr -all`], 'uses ptr'],
  ])('%j is not in order', async (records, wanted) => {
    const said = await judgedSpf(records);
    expect(text(said)).toContain(wanted);
    for (const one of said) expect(one.todo).toBeTruthy();
  });

  it('in order is said to be, with the look-ups that it needs', async () => {
    expect(await judgedSpf(`v=spf1 ip4:${IP} include:_spf.pk ~all`, { '_spf.pk': { txt: ['v=spf1 a:x.pk -all'] } })).toEqual([
      { level: 'ok', says: `SPF of chamber.pk allows ${IP}, 2 of 10 look-ups.` },
    ]);
    expect(judgeSpf('chamber.pk', [], [await evaluateSpf('chamber.pk', undefined, zone({ 'chamber.pk': { txt: ['v=spf1 a -all'] } }))])).toMatchObject([
      { level: 'ok' },
    ]);
  });

  it('never loops and never throws, whatever the records', async () => {
    const word = fc.constantFrom(
      'include:a.pk',
      'include:b.pk',
      'redirect=a.pk',
      'redirect=b.pk',
      'a',
      'mx',
      'ptr',
      '-all',
      '~all',
      'ip4:1.2.3.4/',
      'ip6:::/0',
      'exists:%{i}',
      '+',
      ':',
      '/',
      'x=y',
    );
    const record = fc.array(word, { maxLength: 8 }).map((words) => `v=spf1 ${words.join(' ')}`);
    await fc.assert(
      fc.asyncProperty(record, record, record, async (own, a, b) => {
        const { lookups, result } = await evaluateSpf('own.pk', IP, zone({ 'own.pk': { txt: [own] }, 'a.pk': { txt: [a] }, 'b.pk': { txt: [b] } }));
        expect(lookups).toBeLessThan(200);
        expect(result).toMatch(/^(pass|fail|softfail|neutral|error)$/);
      }),
    );
  });
});

describe('DKIM', () => {
  const KEY = { publicKey: 'MIIBIjANBg', bits: 2048 };
  const judged = (records: readonly string[], key = KEY) => judgeDkim('rabta._domainkey.chamber.pk', records, key);

  it.each([
    [[], 'wrong There is no DKIM key'],
    [['v=spf1 -all'], 'wrong There is no DKIM key'],
    [['v=DKIM1; k=rsa; p='], 'withdrawn'],
    [['v=DKIM1; k=rsa'], 'withdrawn'],
    [['v=DKIM1; k=rsa; p=MIIBIjANBx'], 'not the one that belongs'],
    [['v=DKIM1; p=MIIBIjANBg', 'v=DKIM1; p=MIIBIjANBg'], 'There are 2 DKIM keys'],
    [['v=DKIM2; p=MIIBIjANBg'], 'v=DKIM2'],
    [['v=DKIM1; k=ed25519; p=MIIBIjANBg'], 'type ed25519'],
    [['v=DKIM1; h=sha1; p=MIIBIjANBg'], 'allows only sha1'],
    [['v=DKIM1; s=chat; p=MIIBIjANBg'], 'not meant for mail'],
    [['v=DKIM1; t=y:s; p=MIIBIjANBg'], 'thought The DKIM record says that it is only a test'],
    [['v=DKIM1; p=MIIBIjANBg; nonsense'], 'cannot be read'],
    [['"v=DKIM1; p=MIIBIjANBg"'], 'cannot be read'],
  ])('%j is not in order', (records, wanted) => {
    const said = judged(records);
    expect(text(said)).toContain(wanted);
    for (const one of said) expect(one.todo).toBeTruthy();
  });

  it('is in order in every way of writing it', () => {
    for (const record of ['v=DKIM1; k=rsa; p=MIIBIjANBg', 'p=MIIBIjANBg', 'v=DKIM1;k=rsa;t=s;h=sha1:sha256;s=email:*;p=MIIB IjANBg;', 'k=rsa; p = MIIBIjANBg'])
      expect(judged([record])).toMatchObject([{ level: 'ok' }]);
  });

  it('wants a key of 2048 bits', () => {
    expect(judged(['v=DKIM1; p=MIIBIjANBg'], { ...KEY, bits: 1024 })).toMatchObject([{ level: 'thought' }]);
    expect(judged(['v=DKIM1; p=MIIBIjANBg'], { ...KEY, bits: 512 })).toMatchObject([{ level: 'wrong' }]);
  });

  it('says what to publish, key and all', () => {
    expect(judged([])[0]?.todo).toContain('v=DKIM1; k=rsa; p=MIIBIjANBg');
  });
});

describe('DMARC', () => {
  const GOOD = 'v=DMARC1; p=reject; np=reject; rua=mailto:dmarc@chamber.pk';
  const judged = (...records: string[]) => judgeDmarc('chamber.pk', 'chamber.pk', records);

  it.each([
    [[], 'wrong There is no DMARC record'],
    [['v=DMARC2; p=none'], 'wrong There is no DMARC record'],
    [['p=none; v=DMARC1'], 'wrong There is no DMARC record'],
    [[GOOD, GOOD], 'There are 2 DMARC records'],
    [['v=DMARC1; np=reject; rua=mailto:a@b.pk'], 'has no policy'],
    [['v=DMARC1; p=monitor; np=reject; rua=mailto:a@b.pk'], 'p=monitor does not exist'],
    [['v=DMARC1; p=none; np=reject; rua=mailto:a@b.pk'], 'thought The DMARC policy is p=none'],
    [['v=DMARC1; p=reject; sp=drop; np=reject; rua=mailto:a@b.pk'], 'sp=drop does not exist'],
    [['v=DMARC1; p=reject; np=deny; rua=mailto:a@b.pk'], 'np=deny does not exist'],
    [['v=DMARC1; p=reject; rua=mailto:a@b.pk'], 'thought The DMARC record does not say'],
    [[`${GOOD}; pct=50`], 'still has pct, which RFC 9989 took away'],
    [[`${GOOD}; ri=3600; rf=afrf`], 'still has rf, ri'],
    [[`${GOOD}; t=y`], 'only on trial'],
    [['v=DMARC1; p=reject; np=reject'], 'asks for no reports'],
    [['v=DMARC1; p=reject; np=reject; rua=dmarc@chamber.pk'], 'which is not an address'],
    [['v=DMARC1; p=reject; np=reject; rua=mailto:a@b.pk,https://x'], 'which is not an address'],
    [[`${GOOD}; adkim=strict`], 'adkim=strict'],
    [['v=DMARC1 p=reject'], 'wrong There is no DMARC record'],
    [['v=DMARC1; p reject'], 'cannot be read'],
  ])('%j is not in order', (records, wanted) => {
    const said = judged(...records);
    expect(text(said)).toContain(wanted);
    for (const one of said) expect(one.todo).toBeTruthy();
  });

  it('is in order in every way of writing it', () => {
    for (const record of [GOOD, `${GOOD};`, 'v = DMARC1 ; p=quarantine ; np=none; rua=mailto:a@b.pk!10m , mailto:c@d.pk; adkim=S; fo=1'])
      expect([record, judged(record)]).toMatchObject([record, [{ level: 'ok' }]]);
  });

  it('asks others to agree where reports go outside', () => {
    expect(
      foreignReports('chamber.pk', ['v=DMARC1; p=none; rua=mailto:a@mail.chamber.pk,mailto:b@reports.example.net!1m,mailto:c@reports.example.net']),
    ).toEqual(['reports.example.net']);
    expect(foreignReports('chamber.pk', [])).toEqual([]);
  });

  it('says how strictly domains have to agree', () => {
    expect(dmarcAlignment(['v=DMARC1; p=none; adkim=s'])).toEqual({ dkim: 's', spf: 'r' });
    expect([meets('s', 'a.chamber.pk', 'chamber.pk'), meets('r', 'a.chamber.pk', 'chamber.pk'), meets('s', 'Chamber.pk', 'chamber.pk')]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('domains', () => {
  it.each([
    ['digest.chamber.pk', 'chamber.pk'],
    ['chamber.com.pk', 'chamber.com.pk'],
    ['mail.hyd.chamber.org.pk', 'chamber.org.pk'],
    ['Chamber.PK.', 'chamber.pk'],
    ['com.example.net', 'example.net'],
  ])('%s belongs to %s', (domain, owner) => {
    expect(organisation(domain)).toBe(owner);
  });

  it('of two firms are not one for sharing a registry', () => {
    expect([isAligned('a.com.pk', 'b.com.pk'), isAligned('a.pk', 'b.pk'), isAligned('bounce.a.com.pk', 'mail.a.com.pk')]).toEqual([false, false, true]);
  });
});

describe('what leads back', () => {
  it('is a name of the address that has the address', () => {
    const names = (name: string, ...addresses: string[]) => [{ name, addresses }];
    expect(judgeReverse(IP, [])).toMatchObject([{ level: 'wrong', says: expect.stringContaining('no name') }]);
    expect(judgeReverse(IP, names('relay.chamber.pk', '203.0.113.10'))).toMatchObject([
      { level: 'wrong', says: expect.stringContaining('does not lead back') },
    ]);
    expect(judgeReverse(IP, names('relay.chamber.pk', IP))).toMatchObject([{ level: 'ok' }]);
    expect(judgeReverse('2001:db8::9', names('relay.chamber.pk', '2001:0db8:0:0::9'))).toMatchObject([{ level: 'ok' }]);
    for (const name of ['203-0-113-9.isp.pk', 'host.203.0.113.9.isp.pk', 'x.dsl.isp.pk', 'dynamic-9.isp.pk'])
      expect(judgeReverse(IP, names(name, IP))).toMatchObject([{ level: 'thought', says: expect.stringContaining('at home') }]);
  });

  it('is a host for bounces that has an address', () => {
    const judged = (hosts: { name: string; addresses: string[] }[], own: string[] = []) => judgeMx('bounce.pk', 'bounces', hosts, own)[0];
    expect(judged([{ name: 'mx.pk', addresses: [IP] }])).toEqual({ level: 'ok', says: 'Bounces at bounce.pk go to mx.pk.' });
    expect(judged([])).toMatchObject({ level: 'wrong', says: expect.stringContaining('neither MX nor address') });
    expect(judged([], [IP])).toMatchObject({ level: 'thought' });
    expect(judged([{ name: '', addresses: [] }])).toMatchObject({ level: 'wrong', says: expect.stringContaining('null MX') });
    expect(judged([{ name: 'mx.pk', addresses: [] }])).toMatchObject({ level: 'wrong', says: expect.stringContaining('has no address') });
    expect(judged([{ name: IP, addresses: [IP] }])).toMatchObject({ level: 'wrong', says: expect.stringContaining('is a number') });
    expect(
      judged([
        { name: 'a.pk', addresses: [IP] },
        { name: 'b.pk', addresses: [] },
      ]),
    ).toMatchObject({ level: 'thought' });
  });
});

describe('clocks', () => {
  it('may be less than five seconds apart, either way', () => {
    expect([4999, -4999, 5000, -5000].map((ms) => judgeClock('PostgreSQL', ms).level)).toEqual(['ok', 'ok', 'wrong', 'wrong']);
    expect(judgeClock('PostgreSQL', 61_000).says).toContain('61.0 s ahead of');
    expect(judgeClock('PostgreSQL', -61_000).says).toContain('61.0 s behind');
  });
});

describe('tags', () => {
  it('are read or not, and never throw', () => {
    expect(tags('')).toEqual(new Map());
    expect(tags('a=1; A=2;b= x y ;')).toEqual(
      new Map([
        ['a', '1'],
        ['b', 'x y'],
      ]),
    );
    expect(tags('a')).toBeNull();
    fc.assert(fc.property(fc.string(), (record) => tags(record) === null || tags(record) instanceof Map));
  });
});
