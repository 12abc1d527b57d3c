import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { timingSafeEqual } from 'node:crypto';
import { type DataSource, type EntityManager, In, type Repository } from 'typeorm';
import { AccountsService } from '../accounts/accounts.service.js';
import { Clock, localDate } from '../common/clock.js';
import { AppError, asAppError, conflict, invalid, notFound, parse } from '../common/errors.js';
import { BY_TIME, cursor, type Page, pageOf, type PageQuery } from '../common/paging.js';
import { randomToken, Signer } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { prepared } from '../database/prepared.js';
import { JobsService } from '../jobs/jobs.service.js';
import { SecurityMailService } from '../mail/security-mail.service.js';
import { type Guess, NomenclatureService } from '../nomenclature/nomenclature.service.js';
import { sectorsOf } from '../nomenclature/sectors.js';
import { Contact, Firm, FirmLine, type FirmStatus } from './firm.entity.js';
import { admissionSchema, confirmationSchema, type ProfileInput, profileSchema, registrationSchema, statusSchema } from './firm.schemas.js';
import { nextMembershipEnd } from './membership.js';

/** A confirmation link or code holds this long. */
const CONFIRM_MS = 3 * 86_400_000;
/** Wrong codes before a new mail is needed; the link keeps working. */
const CODE_ATTEMPTS = 10;
/** A second confirmation mail not sooner than this. */
const RESEND_MS = 120_000;

/** Where a firm's membership stands. */
export type FirmStanding = Pick<Firm, 'id' | 'name' | 'status' | 'statusReason' | 'membershipValidUntil' | 'membershipNumber'>;
/** Whether a contact can be mailed. */
export type ContactStanding = Pick<Contact, 'id' | 'email' | 'confirmedAt'>;

@Injectable()
export class FirmsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @InjectRepository(Firm) private readonly firms: Repository<Firm>,
    @InjectRepository(Contact) private readonly contacts: Repository<Contact>,
    private readonly accounts: AccountsService,
    private readonly nomenclature: NomenclatureService,
    private readonly mail: SecurityMailService,
    private readonly jobs: JobsService,
    private readonly signer: Signer,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * Registers a firm with its first person. The answer is the same whether or not the address was known already: a mail goes out,
   * either to confirm it or to say that there is an account.
   * @throws AppError Invalid
   */
  async register(input: unknown): Promise<void> {
    const given = parse(registrationSchema, input);
    const passwordHash = await this.accounts.hashPassword(given.password); // also for a known address: the time taken must not tell
    const { firmName, contactName, email, password: _, language, ntn, strn, secp, digestConsent, ...said } = given;
    const profile = await understand(this.nomenclature, said);
    const known = await this.accounts.byEmail(email);
    await this.source
      .transaction(async (manager) => {
        if (known) {
          await this.mail.owe(manager, {
            purpose: 'already-registered',
            subjectId: known.id,
            nonce: '',
            name: known.name,
            email: known.email,
            language: known.language,
          });
          return;
        }
        const now = this.clock.now();
        const firm = await manager.save(
          Firm,
          manager.create(Firm, { name: firmName, language, ntn, strn, secp, appliedAt: now, ...columnsOf(profile), lines: linesOf(profile) }),
        );
        const account = await this.accounts.create(manager, { email, passwordHash, name: contactName, role: 'member', language, firmId: firm.id });
        const contact = await manager.save(
          Contact,
          manager.create(Contact, {
            firmId: firm.id,
            accountId: account.id,
            name: contactName,
            email,
            language,
            nonce: randomToken(),
            confirmSentAt: now,
            digestConsentAt: digestConsent ? now : null,
            createdAt: now,
          }),
        );
        await this.oweConfirmation(manager, contact);
      })
      .catch((error: unknown) => {
        // two registrations of one address at the same moment: the second learns no more than a later one would
        const refusal = asAppError(error);
        if (refusal instanceof AppError && refusal.code === 'Conflict') return;
        throw refusal;
      });
    await this.jobs.enqueue('mail.security', {});
  }

  /**
   * Confirms a contact's address, by the token of the mailed link or by address and code. Doing it again changes nothing.
   * @throws AppError Invalid where the token or code is wrong, too old or tried too often
   */
  async confirm(input: unknown): Promise<void> {
    const given = parse(confirmationSchema, input);
    const wrong = 'token' in given ? invalid('token', 'link-not-valid') : invalid('code', 'code-not-valid');
    const candidates =
      'token' in given
        ? await this.contacts.findBy({ id: Signer.idOf(given.token) ?? '00000000-0000-0000-0000-000000000000' })
        : await this.contacts.createQueryBuilder('c').where('lower(c.email) = lower(:email)', { email: given.email }).orderBy('c.createdAt').getMany();
    const now = this.clock.now();
    for (const contact of candidates) {
      if (contact.confirmedAt && 'token' in given && this.signer.matches(given.token, 'confirm', contact.id, contact.nonce)) return;
      if (contact.confirmedAt || now.getTime() - contact.confirmSentAt.getTime() > CONFIRM_MS) continue;
      if ('token' in given) {
        if (!this.signer.matches(given.token, 'confirm', contact.id, contact.nonce)) continue;
      } else {
        // counted before it is looked at, so that tries at the same moment are counted too
        const counted = await this.contacts
          .createQueryBuilder()
          .update()
          .set({ codeAttempts: () => 'code_attempts + 1' })
          .where('id = :id and code_attempts < :max', { id: contact.id, max: CODE_ATTEMPTS })
          .execute();
        const right = Buffer.from(this.signer.code('confirm', contact.id, contact.nonce));
        if (!counted.affected || !timingSafeEqual(right, Buffer.from(given.code))) continue;
      }
      await this.contacts.update(contact.id, { confirmedAt: now });
      return;
    }
    throw wrong;
  }

  /** Sends the confirmation again, with a new link and code; the old ones become void. */
  async confirmAgain(accountId: string): Promise<void> {
    const now = this.clock.now();
    const contact = await this.contactOf(accountId);
    if (contact.confirmedAt) return;
    if (now.getTime() - contact.confirmSentAt.getTime() < RESEND_MS) throw new AppError('TooMany', [{ field: 'email', reason: 'mail-just-sent' }]);
    await this.source.transaction(async (manager) => {
      Object.assign(contact, { nonce: randomToken(), codeAttempts: 0, confirmSentAt: now });
      await manager.save(contact);
      await this.oweConfirmation(manager, contact);
    });
    await this.jobs.enqueue('mail.security', {});
  }

  private oweConfirmation(manager: EntityManager, contact: Contact): Promise<void> {
    return this.mail.owe(manager, {
      purpose: 'confirm',
      subjectId: contact.id,
      nonce: contact.nonce,
      name: contact.name,
      email: contact.email,
      language: contact.language,
    });
  }

  /** @throws AppError NotFound */
  async get(id: string): Promise<Firm> {
    const firm = await this.firms.findOne({ where: { id }, relations: { lines: true } });
    if (!firm) throw notFound();
    firm.lines.sort((a, b) => a.side.localeCompare(b.side) * -1 || a.position - b.position);
    return firm;
  }

  contactsOf(firmId: string): Promise<Contact[]> {
    return this.contacts.find({ where: { firmId }, order: { createdAt: 'asc', id: 'asc' } });
  }

  /** The contact that a member account stands for. */
  async contactOf(accountId: string): Promise<Contact> {
    const contact = await this.contacts.findOneBy({ accountId });
    if (!contact) throw notFound();
    return contact;
  }

  /**
   * The firm of a member account, as far as its own page says it, and the contact that the account stands for. Index: contact_account.
   * @throws AppError NotFound
   */
  async standing(accountId: string): Promise<{ firm: FirmStanding; contact: ContactStanding }> {
    const [row] = await prepared<FirmStanding & Omit<ContactStanding, 'id'> & { contactId: string }>(
      this.source,
      `select f.id, f.name, f.status, f.status_reason "statusReason", f.membership_valid_until::text "membershipValidUntil",
              f.membership_number "membershipNumber", c.id "contactId", c.email, c.confirmed_at "confirmedAt"
       from contact c join firm f on f.id = c.firm_id where c.account_id = $1`,
      [accountId],
    );
    if (!row) throw notFound();
    const { contactId, email, confirmedAt, ...firm } = row;
    return { firm, contact: { id: contactId, email, confirmedAt } };
  }

  async names(ids: readonly string[]): Promise<Map<string, string>> {
    const firms = await this.firms.find({ where: { id: In([...ids]) }, select: { id: true, name: true } });
    return new Map(firms.map((firm) => [firm.id, firm.name]));
  }

  /**
   * The firms that somebody at the desk may mean: by membership number or NTN, else by the beginning of the name or of a word in it. At most twenty,
   * by name. Reads every firm: a few thousand, milliseconds.
   */
  async find(text: string): Promise<Firm[]> {
    const plain = text.trim().replace(/[\\%_]/g, '\\$&');
    if (!plain) return [];
    return this.firms
      .createQueryBuilder('f')
      .where(`f.membershipNumber = :text or f.ntn = :text or f.name ilike :start or f.name ilike :word`, {
        text: text.trim(),
        start: `${plain}%`,
        word: `% ${plain}%`,
      })
      .orderBy('f.name')
      .addOrderBy('f.id')
      .take(20)
      .getMany();
  }

  /** Firms of one status, those that wait longest first. Index: firm_status. */
  async list(status: FirmStatus, page: PageQuery): Promise<Page<Firm>> {
    const after = cursor(page.after, BY_TIME);
    const query = this.firms
      .createQueryBuilder('f')
      .where('f.status = :status', { status })
      .orderBy('f.appliedAt')
      .addOrderBy('f.id')
      .take(page.limit + 1);
    if (after) query.andWhere('(f.appliedAt, f.id) > (:at, :id)', { at: after[0], id: after[1] });
    return pageOf(await query.getMany(), page.limit, (f) => [f.appliedAt.toISOString(), f.id]);
  }

  async countByStatus(): Promise<Record<FirmStatus, number>> {
    const rows = await this.firms.createQueryBuilder('f').select('f.status', 'status').addSelect('count(*)', 'n').groupBy('f.status').getRawMany<{
      status: FirmStatus;
      n: string;
    }>();
    return Object.assign({ applied: 0, admitted: 0, suspended: 0, refused: 0 }, Object.fromEntries(rows.map((r) => [r.status, Number(r.n)])));
  }

  /** Other firms that the desk must see before it admits this one: same tax number. */
  sameNtn(firm: Firm): Promise<Firm[]> {
    if (!firm.ntn) return Promise.resolve([]);
    return this.firms
      .createQueryBuilder('f')
      .where(`split_part(f.ntn, '-', 1) = split_part(:ntn, '-', 1) and f.id <> :id`, { ntn: firm.ntn, id: firm.id })
      .orderBy('f.appliedAt')
      .addOrderBy('f.id')
      .take(5)
      .getMany();
  }

  /**
   * Replaces what the firm says of itself, as a whole.
   * @throws AppError Invalid
   */
  async updateProfile(firmId: string, input: unknown): Promise<void> {
    const profile = await understand(this.nomenclature, parse(profileSchema, input));
    await this.source.transaction((manager) => this.replaceProfile(manager, firmId, profile));
    await this.jobs.enqueue('matching.firm', { firmId });
  }

  /**
   * Changes something in what the firm says of itself and leaves the rest as it is, also against whoever saves at the same moment.
   * @throws AppError NotFound
   */
  async amendProfile(firmId: string, change: (profile: ProfileInput) => ProfileInput): Promise<void> {
    await this.source.transaction(async (manager) => {
      await manager.query('select 1 from firm where id = $1 for update', [firmId]);
      const firm = await manager.findOne(Firm, { where: { id: firmId }, relations: { lines: true } });
      if (!firm) throw notFound();
      await this.replaceProfile(manager, firmId, await understand(this.nomenclature, change(profileOf(firm))));
    });
    await this.jobs.enqueue('matching.firm', { firmId });
  }

  private async replaceProfile(manager: EntityManager, firmId: string, profile: Understood): Promise<void> {
    const changed = await manager
      .createQueryBuilder()
      .update(Firm)
      .set({ ...columnsOf(profile), revision: () => 'revision + 1' })
      .where({ id: firmId })
      .execute();
    if (!changed.affected) throw notFound();
    await manager.delete(FirmLine, { firmId });
    await manager.insert(
      FirmLine,
      linesOf(profile).map((line) => ({ ...line, firmId })),
    );
  }

  /**
   * Admits an applicant, or renews a member.
   * @throws AppError Invalid, NotFound, Conflict where another admitted firm has the same NTN, or the firm was refused
   */
  async admit(firmId: string, input: unknown, by: string | null): Promise<void> {
    const given = parse(admissionSchema, input);
    const now = this.clock.now();
    const today = localDate(now, this.env.CHAMBER_TIME_ZONE);
    const firm = await this.get(firmId);
    if (firm.status === 'refused') throw conflict('status', 'no-such-step');
    await this.change(firmId, {
      // a suspended member may renew, and stays suspended
      ...(firm.status === 'applied' ? { status: 'admitted', statusReason: null, admittedAt: now, admittedBy: by } : {}),
      membershipClass: given.membershipClass,
      membershipNumber: given.membershipNumber,
      membershipValidUntil: given.validUntil ?? nextMembershipEnd(today),
    });
  }

  /**
   * Suspends, reinstates or refuses.
   * @throws AppError Conflict where the step does not exist: only an applicant is refused, only a member suspended
   */
  async setStatus(firmId: string, input: unknown): Promise<void> {
    const { status, reason } = parse(statusSchema, input);
    const firm = await this.get(firmId);
    const possible: Readonly<Record<FirmStatus, readonly FirmStatus[]>> = {
      applied: ['refused'],
      admitted: ['suspended'],
      suspended: ['admitted'],
      refused: [],
    };
    if (!possible[firm.status].includes(status)) throw conflict('status', 'no-such-step');
    await this.change(firmId, { status, statusReason: reason });
  }

  private async change(firmId: string, columns: Partial<Firm>): Promise<void> {
    const { lines: _, ...set } = columns;
    const changed = await this.firms
      .createQueryBuilder()
      .update()
      .set({ ...set, revision: () => 'revision + 1' })
      .where({ id: firmId })
      .execute()
      .catch((error: unknown) => {
        throw asAppError(error);
      });
    if (!changed.affected) throw notFound();
    await this.jobs.enqueue('matching.firm', { firmId });
  }
}

/** A profile with what its lines without codes are taken to mean. */
export interface Understood extends ProfileInput {
  readonly guesses: { readonly offers: readonly Guess[]; readonly needs: readonly Guess[] };
}

export async function understand(nomenclature: NomenclatureService, profile: ProfileInput): Promise<Understood> {
  const guess = (lines: ProfileInput['offers']) => Promise.all(lines.map((line) => nomenclature.guess(line)));
  return { ...profile, guesses: { offers: await guess(profile.offers), needs: await guess(profile.needs) } };
}

/** The columns of a profile; sectors that the firm did not name follow from its goods and services. */
export function columnsOf({ offers, needs, guesses, ...columns }: Understood) {
  const lines = [...offers, ...needs];
  const guessed = [...guesses.offers, ...guesses.needs];
  const derived = sectorsOf({
    hs: [...lines.flatMap((l) => l.hs), ...guessed.flatMap((g) => g.guessedHs)],
    isic: [...lines.flatMap((l) => l.isic), ...guessed.flatMap((g) => g.guessedIsic)],
  });
  return {
    ...columns,
    place: columns.place ?? null,
    phone: columns.phone ?? null,
    whatsapp: columns.whatsapp ?? null,
    sectors: columns.sectors.length ? columns.sectors : derived,
  };
}

/** What a stored firm says of itself, as it could have been given. */
export function profileOf(firm: Firm): ProfileInput {
  const said = (side: FirmLine['side']): ProfileInput['offers'] =>
    firm.lines
      .filter((line) => line.side === side)
      .sort((a, b) => a.position - b.position)
      .map(({ text, hs, isic, capacity, unit, period, months, certificates }) => ({
        text,
        hs,
        isic,
        ...(capacity !== null && unit && period ? { capacity: { amount: capacity, unit, period } } : {}),
        months,
        certificates,
      })) as ProfileInput['offers'];
  const { about, womenLed, seeks, sectors, markets, certificates, excludedCountries, excludedKinds, excludedWords } = firm;
  return {
    ...{ about, womenLed, seeks, sectors, markets, excludedCountries, excludedKinds, excludedWords },
    certificates: certificates as ProfileInput['certificates'],
    place: firm.place ?? undefined,
    phone: firm.phone ?? undefined,
    whatsapp: firm.whatsapp ?? undefined,
    offers: said('offer'),
    needs: said('need'),
  };
}

export function linesOf({ offers, needs, guesses }: Pick<Understood, 'offers' | 'needs' | 'guesses'>) {
  const rows = (side: FirmLine['side'], lines: ProfileInput['offers'], meant: readonly Guess[]) =>
    lines.map(({ capacity, ...line }, position) => ({
      side,
      position,
      ...line,
      guessedHs: meant[position]?.guessedHs ?? [],
      guessedIsic: meant[position]?.guessedIsic ?? [],
      capacity: capacity?.amount ?? null,
      unit: capacity?.unit ?? null,
      period: capacity?.period ?? null,
    }));
  return [...rows('offer', offers, guesses.offers), ...rows('need', needs, guesses.needs)];
}
