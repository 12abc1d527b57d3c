import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { hash, verify } from '@node-rs/argon2';
import { type EntityManager, In, IsNull, Raw, type Repository } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../common/clock.js';
import { AppError, invalid, parse } from '../common/errors.js';
import { email } from '../common/text.js';
import { together } from '../common/together.js';
import { randomToken, Signer } from '../common/tokens.js';
import { JobsService } from '../jobs/jobs.service.js';
import { SecurityMailService } from '../mail/security-mail.service.js';
import { Account, type Role } from './account.entity.js';
import { KEPT_MS } from './idempotency.js';
import { SecondFactorService } from './second-factor.service.js';
import type { Language } from '../language/language.js';

/** argon2id (the library's default) with 19 MiB and two passes (OWASP ASVS 5.0, appendix C). */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Words of this place that make a password easy to guess. */
const GUESSABLE = /^(?:rabta|hyderabad|password|pakistan|qwerty|12345)[\d!@#.]*$/i;

/** No rules of composition; long enough, and not the first thing anybody would try (ASVS 6.2). */
export const password = z
  .string()
  .min(8)
  .max(128)
  .refine((p) => !GUESSABLE.test(p) && new Set(p).size > 3, { error: 'password-guessable' });

/** A mailed link holds this long, and once. */
const LINK_MS = 30 * 60_000;
/** Nobody's inbox is filled faster than this. */
const LINK_AGAIN_MS = 2 * 60_000;
/** Asking for a link is answered no sooner, so that the time does not tell whether there is an account. */
const LINK_ANSWER_MS = 250;

export const linkRequestSchema = z.strictObject({ email });
export const linkUseSchema = z.strictObject({ password: password.optional() });

export const signInSchema = z.strictObject({ email, password: z.string().min(1).max(128) });

export interface NewAccount {
  readonly email: string;
  readonly passwordHash: string;
  readonly name: string;
  readonly role: Role;
  readonly language: Language;
  readonly firmId: string | null;
}

@Injectable()
export class AccountsService {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly nobody = hash('nobody signs in with this', ARGON2);

  constructor(
    @InjectRepository(Account) private readonly accounts: Repository<Account>,
    private readonly clock: Clock,
    private readonly signer: Signer,
    private readonly mail: SecurityMailService,
    private readonly jobs: JobsService,
    readonly secondFactor: SecondFactorService,
  ) {}

  byEmail(address: string): Promise<Account | null> {
    return this.accounts.findOneBy({ email: Raw((column) => `lower(${column}) = lower(:address)`, { address }) });
  }

  /** The account behind a session, if it may still be used. */
  async active(id: string): Promise<Account | null> {
    const account = await this.activeById(id);
    // of their own: whoever changes it must not change another's
    return account ? this.accounts.create(account) : null;
  }

  private readonly activeById = together(async (ids: readonly string[]) => {
    const accounts = await this.accounts.findBy({ id: In([...ids]), disabledAt: IsNull() });
    return new Map(accounts.map((account) => [account.id, account]));
  });

  hashPassword(plain: string): Promise<string> {
    return this.oneOfFour(() => hash(plain, ARGON2));
  }

  async create(manager: EntityManager, account: NewAccount): Promise<Account> {
    return manager.save(Account, manager.create(Account, { ...account, createdAt: this.clock.now() }));
  }

  /** Sets the password of an account and ends all its sessions. */
  async setPassword(id: string, plain: string): Promise<void> {
    const passwordHash = await this.hashPassword(plain);
    await this.accounts.manager.transaction(async (manager) => {
      await manager.update(Account, id, { passwordHash });
      await manager.query('delete from session where account_id = $1', [id]);
    });
  }

  /**
   * Who this is. An unknown address takes as long as a wrong password, and is answered the same.
   * @throws AppError NotSignedIn
   */
  async signIn(input: unknown): Promise<Account> {
    const given = parse(signInSchema, input);
    const account = await this.byEmail(given.email);
    const right = await this.oneOfFour(async () => verify(account?.passwordHash ?? (await this.nobody), given.password));
    if (!account || !right || account.disabledAt) throw new AppError('NotSignedIn', [{ field: 'password', reason: 'wrong-sign-in' }]);
    return account;
  }

  /** Mails a link to sign in with, if there is an account that may; whoever asks is told the same, after the same time, either way. */
  async askForLink(input: unknown): Promise<void> {
    const given = parse(linkRequestSchema, input);
    const noSooner = new Promise((done) => setTimeout(done, LINK_ANSWER_MS));
    const now = this.clock.now();
    await this.accounts.manager.transaction(async (manager) => {
      const nonce = randomToken();
      const [asked] = await manager.query<[Pick<Account, 'id' | 'name' | 'email' | 'language'>[], number]>(
        `update account set link_nonce = $2, link_sent_at = $3
         where lower(email) = lower($1) and disabled_at is null and (link_sent_at is null or link_sent_at < $4) returning id, name, email, language`,
        [given.email, nonce, now, new Date(now.getTime() - LINK_AGAIN_MS)],
      );
      for (const { id, ...to } of asked) await this.mail.owe(manager, { purpose: 'sign-in', subjectId: id, nonce, ...to });
    });
    await this.jobs.enqueue('mail.security', {});
    await noSooner;
  }

  /**
   * The account that a mailed link names, without using the link up.
   * @throws AppError Invalid where the link is not ours, used or too old
   */
  async ofLink(token: string): Promise<Account> {
    const account = await this.active(Signer.idOf(token) ?? '00000000-0000-0000-0000-000000000000');
    const sent = account?.linkSentAt?.getTime() ?? 0;
    if (!account?.linkNonce || this.clock.now().getTime() - sent > LINK_MS || !this.signer.matches(token, 'sign-in', account.id, account.linkNonce)) {
      throw invalid('token', 'sign-in-link-not-valid');
    }
    return account;
  }

  /**
   * Uses the link up; with a password, that becomes the account's from now on and all its sessions end.
   * @throws AppError Invalid; a password that will not do leaves the link as it was
   */
  async signInByLink(token: string, input: unknown): Promise<Account> {
    const given = parse(linkUseSchema, input);
    const account = await this.ofLink(token);
    const used = await this.accounts.update({ id: account.id, linkNonce: account.linkNonce as string }, { linkNonce: null });
    if (!used.affected) throw invalid('token', 'sign-in-link-not-valid');
    if (given.password !== undefined) await this.setPassword(account.id, given.password);
    return account;
  }

  /** Deletes sessions that have run out, and answers kept for repeated requests long enough. Indexes: session_expires, idempotency_created. */
  async forgetSessions(): Promise<void> {
    const now = this.clock.now();
    await this.accounts.manager.query('delete from session where expires_at < $1', [now]);
    await this.accounts.manager.query('delete from idempotency where created_at < $1', [new Date(now.getTime() - KEPT_MS)]);
  }

  /** Each hash takes 19 MiB and a core: four at a time, the others wait. */
  private async oneOfFour<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= 4) await new Promise<void>((go) => this.waiting.push(go));
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}
