import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ABOUT, absenceNote, complaint, exchange, gmail, postfix, qmail, sendmailDelayed } from '../../test/support/reports.js';
import { ACTIONS, fieldGroups, kindOf, readReport, REPORT_BYTES, REPORT_KINDS } from './report.js';

const FROM_RETURN_PATH = { returnPaths: expect.arrayContaining([ABOUT.to]), messageIds: [ABOUT.messageId] };

describe('a report', () => {
  it.each([
    ['Postfix', postfix(ABOUT), { kind: 'hard', action: 'failed', status: '5.1.1', diagnostic: '550 5.1.1 <x>: Recipient address rejected' }],
    ['Postfix, mailbox full', postfix(ABOUT, { status: '5.2.2', diagnostic: '552 5.2.2 Over quota' }), { kind: 'soft', status: '5.2.2' }],
    ['Postfix, given up after days', postfix(ABOUT, { status: '4.4.1', diagnostic: 'connect to mx: timed out' }), { kind: 'soft', status: '4.4.1' }],
    ['Postfix, refused by policy', postfix(ABOUT, { status: '5.7.1', diagnostic: '554 5.7.1 see 5.1.1' }), { kind: 'soft', status: '5.7.1' }],
    ['Postfix, delivered', postfix(ABOUT, { action: 'delivered', status: '2.0.0' }), { kind: 'delivered', action: 'delivered', status: '2.0.0' }],
    ['Postfix, relayed', postfix(ABOUT, { action: 'relayed', status: '2.0.0' }), { kind: 'delivered', action: 'relayed' }],
    ['Exchange', exchange(ABOUT), { kind: 'hard', action: 'failed', status: '5.1.10' }],
    ['Exchange, unclear', exchange(ABOUT, { diagnostic: '550 5.7.1 TRANSPORT.RULES.RejectMessage' }), { kind: 'soft', status: '5.7.1' }],
    ['Gmail', gmail(ABOUT), { kind: 'hard', action: 'failed', status: '5.2.1' }],
    ['sendmail, still trying', sendmailDelayed(ABOUT), { kind: 'delayed', action: 'delayed', status: '4.4.1' }],
    ['qmail', qmail(ABOUT), { kind: 'hard', action: 'failed', status: '5.1.1' }],
    [
      'qmail, quoting another',
      qmail(ABOUT, '198.51.100.7 does not like recipient.\nRemote host said: 552 5.2.2 full\nGiving up.'),
      { kind: 'soft', status: '5.2.2' },
    ],
    ['qmail, without a code', qmail(ABOUT, 'Sorry, it did not work.'), { kind: 'soft', status: null }],
  ])('of %s is read', async (_, raw, event) => {
    expect(await readReport(raw)).toMatchObject({ ...event, ...FROM_RETURN_PATH });
  });

  it('of a complaint names its digest by the return path, or by the Message-ID where that is blacked out', async () => {
    expect(await readReport(complaint(ABOUT, 'complaints@bounce.chamber.pk'))).toMatchObject({ kind: 'complaint', returnPaths: [ABOUT.to, ABOUT.to] });
    expect(await readReport(complaint(ABOUT, 'c@x', 'message-id'))).toMatchObject({ kind: 'complaint', returnPaths: [], messageIds: [ABOUT.messageId] });
    expect(await readReport(complaint(ABOUT, 'c@x', 'nothing'))).toMatchObject({ returnPaths: [], messageIds: ['x@redacted'] });
  });

  it.each([
    ['an absence note', absenceNote(ABOUT)],
    ['a report that it is no spam', complaint(ABOUT, 'c@x', 'return-path', 'not-spam')],
    ['nothing', Buffer.alloc(0)],
    ['a report longer than any', Buffer.concat([postfix(ABOUT), Buffer.alloc(REPORT_BYTES, 'x')])],
  ])('is not made of %s', async (_, raw) => {
    expect(await readReport(raw)).toBeNull();
  });

  it('without an action means what its code does, and says nothing without either', async () => {
    const without = (status: string) => Buffer.from(postfix(ABOUT, { status, diagnostic: 'x' }).toString().replace('Action: failed\r\n', ''));
    expect(await readReport(without('5.1.1'))).toMatchObject({ kind: 'hard', action: 'failed' });
    expect(await readReport(without('4.2.2'))).toMatchObject({ kind: 'delayed' });
    expect(await readReport(without('2.1.5'))).toMatchObject({ kind: 'delivered' });
    expect(await readReport(without('none'))).toBeNull();
  });

  it('about an address that stands for several tells of the one that failed', async () => {
    const two = postfix(ABOUT, { action: 'delivered', status: '2.0.0', diagnostic: '250 ok' })
      .toString()
      .replace(
        '\r\n--9F3C21.1795489503/relay.chamber.pk\r\nContent-Description: Undelivered',
        '\r\nFinal-Recipient: rfc822; b@x.pk\r\nAction: failed\r\nStatus: 5.1.1\r\n$&',
      );
    expect(await readReport(Buffer.from(two))).toMatchObject({ kind: 'hard' });
  });

  it('holds nothing that a database or a page could not bear, in at most 300 characters', async () => {
    const read = await readReport(postfix(ABOUT, { diagnostic: `550 5.1.1 \u0000\u202eevil\ud800${'😀'.repeat(400)}` }));
    expect(read?.diagnostic).toMatch(/^550 5\.1\.1 evil/);
    expect(read?.diagnostic?.length).toBeLessThanOrEqual(300);
    expect(read?.diagnostic).not.toMatch(/[\u0000\u202e]|\p{Surrogate}/u);
  });

  it('never throws, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        expect(await readReport(Buffer.from(bytes))).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('that was cut, doubled or damaged is read as something or as nothing, and never throws', async () => {
    const fixtures = [postfix(ABOUT), exchange(ABOUT), gmail(ABOUT), sendmailDelayed(ABOUT), qmail(ABOUT), complaint(ABOUT, 'c@x')];
    const damage = fc.record({ from: fc.constantFrom(...fixtures), at: fc.nat(3000), take: fc.nat(300), put: fc.uint8Array({ maxLength: 40 }) });
    await fc.assert(
      fc.asyncProperty(damage, async ({ from, at, take, put }) => {
        const read = await readReport(Buffer.concat([from.subarray(0, at), put, from.subarray(at + take)]));
        if (read) expect([REPORT_KINDS.includes(read.kind), ACTIONS.includes(read.action), kindOf(read.action, read.status)]).toEqual([true, true, read.kind]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a failure', () => {
  it('is for good with the codes that blame the address, and may pass with any other', () => {
    for (const status of ['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']) expect([status, kindOf('failed', status)]).toEqual([status, 'hard']);
    for (const status of ['5.0.0', '5.1.0', '5.1.7', '5.1.8', '5.2.2', '5.7.1', '4.1.1', '5.1.11', null])
      expect([status, kindOf('failed', status)]).toEqual([status, 'soft']);
    for (const action of ACTIONS.filter((a) => a !== 'failed')) expect(kindOf(action, '5.1.1')).not.toBe('hard');
  });
});

describe('fields', () => {
  it('are unfolded, named in lower case, and the first of a name counts', () => {
    expect(fieldGroups('A: 1\r\n b\r\nb : 2\r\nA: 3\r\nno field\r\n\r\n \r\nC:\r\n').map((group) => [...group])).toEqual([
      [
        ['a', '1 b'],
        ['b', '2'],
      ],
      [['c', '']],
    ]);
  });
});
