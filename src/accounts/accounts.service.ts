import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { hash, verify } from '@node-rs/argon2';
import { type EntityManager, IsNull, Raw, type Repository } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../common/clock.js';
import { AppError, parse } from '../common/errors.js';
import { email } from '../common/text.js';
import { Account, type Role } from './account.entity.js';
import { KEPT_MS } from './idempotency.js';
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
  ) {}

  byEmail(address: string): Promise<Account | null> {
    return this.accounts.findOneBy({ email: Raw((column) => `lower(${column}) = lower(:address)`, { address }) });
  }

  /** The account behind a session, if it may still be used. */
  active(id: string): Promise<Account | null> {
    return this.accounts.findOneBy({ id, disabledAt: IsNull() });
  }

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
