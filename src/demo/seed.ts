import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import type { AccountsService } from '../accounts/accounts.service.js';
import { localDate } from '../common/clock.js';
import { parse } from '../common/errors.js';
import { randomToken } from '../common/tokens.js';
import { Contact, Firm, FirmLine, type FirmSize } from '../firms/firm.entity.js';
import { profileSchema } from '../firms/firm.schemas.js';
import { columnsOf, linesOf, understand } from '../firms/firms.service.js';
import { nextMembershipEnd } from '../firms/membership.js';
import type { NomenclatureService } from '../nomenclature/nomenclature.service.js';
import { concernsOf } from '../opportunities/concerns.js';
import { columnsOf as opportunityColumns } from '../opportunities/opportunities.service.js';
import { Opportunity } from '../opportunities/opportunity.entity.js';
import { opportunitySchema } from '../opportunities/opportunity.schemas.js';
import type { DemoFirm, DemoLine, DemoOpportunity } from './demo.types.js';
import { DEMO_FIRMS } from './firms.js';
import { DEMO_OPPORTUNITIES } from './opportunities.js';
import { seedIntroductions } from './seed-introductions.js';
import { seedMeetings } from './seed-meetings.js';

export interface SignIn {
  readonly what: string;
  readonly email: string;
  readonly password: string;
  /** What an authenticator app is set up with, base32; only the chamber's accounts have one. */
  readonly totp?: string;
}

/** Sign-ins as a newcomer reads them. */
export const sayDemoSignIns = (signIns: readonly SignIn[]): string[] => [
  ...signIns.map(({ what, email, password, totp }) => `${email.padEnd(38)} ${password}   ${what}${totp ? `, key ${totp}` : ''}`),
  'The administrator and the curator need a code too: of an authenticator app set up with the key, or what this prints:',
  'npm run -s account:code -- administrator@rabta.example',
];

const DAY = 86_400_000;
/** Firms whose sign-in is printed, so that a newcomer can see the portal as they do. */
const SHOWN_FIRMS = [8, 1, 3, 16];

/**
 * Loads the demo chamber in one transaction, through the same validation as everything else.
 * @returns the sign-ins, whose passwords are random and known from here only; null where it is there already
 */
export async function seedDemo(
  source: DataSource,
  accounts: AccountsService,
  nomenclature: NomenclatureService,
  now: Date,
  zone: string,
): Promise<SignIn[] | null> {
  const known = await source.query<unknown[]>(`select 1 from setting where key = 'demo'`);
  if (known.length) return null; // before the passwords, which take their time
  const staff = [
    { what: 'administrator', email: 'administrator@rabta.example', name: 'Administrator (demo)', role: 'administrator' as const },
    { what: 'curator', email: 'curator@rabta.example', name: 'Curator (demo)', role: 'curator' as const },
  ];
  const passwords = Array.from({ length: staff.length + SHOWN_FIRMS.length }, () => randomBytes(9).toString('base64url'));
  const hashes = await Promise.all(passwords.map((password) => accounts.hashPassword(password)));
  return source.transaction(async (manager) => {
    const first = await manager.query<unknown[]>(`insert into setting (key, value) values ('demo', $1) on conflict do nothing returning key`, [
      now.toISOString(),
    ]);
    if (!first.length) return null;
    const signIns: SignIn[] = [];
    const next = () => ({ password: passwords[signIns.length] ?? '', passwordHash: hashes[signIns.length] ?? '' });

    for (const { what, ...person } of staff) {
      const { password, passwordHash } = next();
      const made = await manager.insert(Account, { ...person, passwordHash, language: 'en', firmId: null, createdAt: now });
      const totp = await accounts.secondFactor.enrolled(manager, (made.identifiers[0] as { id: string }).id);
      signIns.push({ what, email: person.email, password, totp });
    }
    const today = localDate(now, zone);
    const firmIds = new Map<number, string>();
    for (const firm of DEMO_FIRMS) {
      const id = await insertFirm(manager, nomenclature, firm, now, today);
      firmIds.set(firm.number, id);
      let accountId: string | null = null;
      if (SHOWN_FIRMS.includes(firm.number)) {
        const { password, passwordHash } = next();
        const { name, email } = firm.contact;
        const made = await manager.insert(Account, { name, email, passwordHash, role: 'member', language: firm.language, firmId: id, createdAt: now });
        accountId = (made.identifiers[0] as { id: string }).id;
        signIns.push({ what: firm.name, email, password });
      }
      const contact = await manager.insert(Contact, {
        firmId: id,
        accountId,
        ...firm.contact,
        language: firm.language,
        nonce: randomToken(),
        confirmSentAt: now,
        confirmedAt: firm.state === 'unconfirmed' ? null : now,
        digestConsentAt: now,
        createdAt: now,
      });
      if (firm.state === 'unsubscribed') {
        await manager.query('insert into subscription (contact_id, zone, since, unsubscribed_at) values ($1, $2, $3, $3)', [
          (contact.identifiers[0] as { id: string }).id,
          zone,
          now,
        ]);
      }
    }
    const before: Opportunity[] = [];
    for (const lead of DEMO_OPPORTUNITIES) {
      const row = opportunityRow(lead, before, now, zone);
      await manager.insert(Opportunity, row);
      before.push(manager.create(Opportunity, row));
    }
    await seedIntroductions(manager, firmIds, now, zone);
    await seedMeetings(manager, firmIds, now, zone);
    return signIns;
  });
}

type Manager = DataSource['manager'];

async function insertFirm(manager: Manager, nomenclature: NomenclatureService, firm: DemoFirm, now: Date, today: string): Promise<string> {
  const said = parse(profileSchema, {
    place: firm.place,
    about: firm.about,
    womenLed: firm.womenLed ?? false,
    size: sizeOf(firm),
    offers: firm.offers.map(lineInput),
    needs: firm.needs.map(lineInput),
    seeks: [...firm.seeks],
    sectors: [...firm.sectors],
    phone: `+92 22 000 00 ${String(firm.number).padStart(2, '0')}`,
  });
  const profile = await understand(nomenclature, said);
  const applied = firm.state === 'applied';
  const end = nextMembershipEnd(today);
  const lastEnd = `${Number(end.slice(0, 4)) - 1}-03-31`;
  const made = await manager.insert(Firm, {
    name: firm.name,
    language: firm.language,
    ntn: firm.ntn ?? null,
    ...columnsOf(profile),
    status: applied ? 'applied' : firm.state === 'suspended' ? 'suspended' : 'admitted',
    statusReason: firm.state === 'suspended' ? 'Demo: suspended by the committee' : null,
    membershipClass: applied ? null : firm.membershipClass,
    membershipNumber: applied ? null : `DEMO-${String(firm.number).padStart(3, '0')}`,
    membershipValidUntil: applied ? null : firm.state === 'lapsed' ? lastEnd : end,
    appliedAt: now,
    admittedAt: applied ? null : now,
  });
  const { id } = made.identifiers[0] as { id: string };
  await manager.insert(
    FirmLine,
    linesOf(profile).map((line) => ({ ...line, firmId: id })),
  );
  return id;
}

/** Corporate members are the bigger ones; one in five has not said. */
function sizeOf({ number, membershipClass }: DemoFirm): FirmSize | undefined {
  if (number % 5 === 0) return undefined;
  if (membershipClass === 'corporate') return number % 3 === 0 ? 'large' : 'medium';
  return number % 2 === 0 ? 'small' : 'micro';
}

const lineInput = (line: DemoLine) => ({
  ...line,
  hs: [...(line.hs ?? [])],
  isic: [...(line.isic ?? [])],
  months: [...(line.months ?? [])],
  certificates: [...(line.certificates ?? [])],
});

/** As it stands at the first start. What is held is held because the desk's own checks say so. */
function opportunityRow(lead: DemoOpportunity, before: readonly Opportunity[], now: Date, zone: string) {
  const day = (days: number) => localDate(new Date(now.getTime() + days * DAY), zone);
  const deadline = day(lead.deadlineDays);
  const columns = opportunityColumns(
    parse(opportunitySchema, {
      kind: lead.kind,
      title: lead.title,
      summary: lead.summary,
      hs: lead.hs,
      isic: lead.isic,
      sectors: lead.sectors,
      corridors: lead.corridors,
      platforms: lead.platforms,
      instruments: lead.instruments,
      certificates: lead.certificates,
      deliveryMonths: lead.deliveryMonths,
      quantity: lead.quantity,
      valueUsd: lead.valueUsd,
      country: lead.country,
      place: lead.place,
      deadline,
      counterparty: lead.counterparty.name,
      counterpartyEmail: lead.counterparty.email,
      counterpartyPhone: lead.counterparty.phone,
      source: 'demo data',
    }),
    { guessedHs: [], guessedIsic: [] },
  );
  const concerns = concernsOf(columns, before);
  if (lead.holdReason && !concerns.includes(lead.holdReason)) throw new Error(`demo lead ${lead.number}: the checks do not see ${lead.holdReason}`);
  const published = new Date(now.getTime() - (lead.publishedDaysAgo ?? 0) * DAY);
  const isOpen = lead.state === 'published' && !concerns.length;
  return {
    ...columns,
    status: lead.state === 'closed' ? ('closed' as const) : isOpen ? ('published' as const) : ('in_review' as const),
    closedAs: lead.state === 'closed' ? ('expired' as const) : null,
    closedAt: lead.state === 'closed' ? now : null,
    concerns,
    review: isOpen ? { clear: 4, complete: 4, source: 3, wanted: 4 } : null,
    createdAt: published,
    publishedAt: isOpen || lead.state === 'closed' ? published : null,
    openUntil: isOpen || lead.state === 'closed' ? deadline : null,
  };
}
