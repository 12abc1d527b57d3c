import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../common/clock.js';
import { AppError, conflict, invalid, parse } from '../common/errors.js';
import { latinDigits } from '../common/text.js';
import { sha256, Signer } from '../common/tokens.js';
import type { Account } from './account.entity.js';

/** A code of the authenticator app, or one of the recovery codes; spaces and dashes are how people write them down. */
export const codeSchema = z.strictObject({
  code: z
    .string()
    .max(60)
    .transform((code) => latinDigits(code).replace(/[\s-]/g, '').toUpperCase())
    .pipe(z.string().regex(/^(\d{6}|[A-Z2-7]{16})$/, { error: 'not-a-code' })),
});

/** RFC 6238 as every authenticator app has it. */
const PERIOD = 30;
const DIGITS = 6;
/** A clock may be one step off, either way. */
const WINDOW = 1;
const RECOVERY_CODES = 10;
/** So many wrong codes in a row, and none is looked at for a while; never for good, or anybody with the password could lock its owner out. */
const FAILURES = 5;
const PAUSE_MS = 15 * 60_000;

interface Row {
  readonly secret: string;
  readonly enrolled_at: Date | null;
}

/** Where the second factor of an account stands. */
export interface Enrolment {
  readonly enrolledAt: Date | null;
  /** Recovery codes that have not been used. */
  readonly left: number;
}

/** What an authenticator app is set up with. */
export interface Setup {
  /** Base32, to be typed where a picture cannot be scanned. */
  readonly secret: string;
  /** `otpauth://totp/…`, for the picture. */
  readonly uri: string;
}

/** Codes by time (TOTP) as the second thing that the chamber's accounts sign in with, and recovery codes for the day the phone is gone. */
@Injectable()
export class SecondFactorService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  async of(accountId: string): Promise<Enrolment> {
    const row = await this.row(accountId);
    const [codes] = await this.source.query<{ n: number }[]>('select count(*)::int n from recovery_code where account_id = $1 and used_at is null', [
      accountId,
    ]);
    return { enrolledAt: row?.enrolled_at ?? null, left: codes?.n ?? 0 };
  }

  private async row(accountId: string): Promise<Row | undefined> {
    const [row] = await this.source.query<Row[]>('select secret, enrolled_at from second_factor where account_id = $1', [accountId]);
    return row;
  }

  /**
   * Begins to enrol: a secret for the app, the same one until a code of it was right. Once that is so, it is never shown again.
   * @throws AppError Conflict where the account is enrolled
   */
  async begin(account: Pick<Account, 'id' | 'email'>): Promise<Setup> {
    await this.insert(this.source.manager, account.id, null);
    const row = await this.row(account.id);
    if (!row || row.enrolled_at) throw conflict('code', 'already-enrolled');
    // of another SECRET_KEY: nobody can have it in an app that works
    const secret = this.signer.unseal('totp', account.id, row.secret);
    if (secret === null) {
      await this.forget(account.id);
      return this.begin(account);
    }
    return { secret, uri: new TOTP({ issuer: 'Rabta', label: account.email, secret, digits: DIGITS, period: PERIOD }).toString() };
  }

  private async insert(manager: EntityManager, accountId: string, enrolledAt: Date | null): Promise<string> {
    const secret = new Secret({ size: 20 }).base32;
    await manager.query('insert into second_factor (account_id, secret, enrolled_at, created_at) values ($1, $2, $3, $4) on conflict do nothing', [
      accountId,
      this.signer.seal('totp', accountId, secret),
      enrolledAt,
      this.clock.now(),
    ]);
    return secret;
  }

  /**
   * An account that is enrolled from the start, with its secret: for the demo, which prints it.
   */
  enrolled(manager: EntityManager, accountId: string): Promise<string> {
    return this.insert(manager, accountId, this.clock.now());
  }

  /**
   * Takes a code. The first right one of the app enrols the account; from then on a recovery code will do as well. Each is taken once.
   * @returns the recovery codes where this enrolled it: they are shown only now
   * @throws AppError Invalid for a wrong code; TooMany after several; Conflict where nothing has been begun
   */
  async take(accountId: string, input: unknown): Promise<{ recoveryCodes: readonly string[] | null }> {
    const { code } = parse(codeSchema, input);
    const row = await this.row(accountId);
    if (!row) throw conflict('code', 'not-enrolled');
    const now = this.clock.now();
    // counted before it is looked at, so that tries at the same moment are counted too
    const [counted] = await this.source.query<[unknown[], number]>(
      `update second_factor set failures = case when failed_at > $2 then failures + 1 else 1 end, failed_at = $3
       where account_id = $1 and (failed_at is null or failed_at <= $2 or failures < $4) returning account_id`,
      [accountId, new Date(now.getTime() - PAUSE_MS), now, FAILURES],
    );
    if (!counted.length) throw new AppError('TooMany', [{ field: 'code', reason: 'too-many-codes', values: { minutes: PAUSE_MS / 60_000 } }]);
    if (code.length === DIGITS) return this.takeTotp(accountId, row, code, now);
    if (!row.enrolled_at || !(await this.takeRecovery(accountId, code, now))) throw wrong();
    await this.source.query('update second_factor set failures = 0, failed_at = null where account_id = $1', [accountId]);
    return { recoveryCodes: null };
  }

  private async takeTotp(accountId: string, row: Row, code: string, now: Date): Promise<{ recoveryCodes: readonly string[] | null }> {
    const secret = this.signer.unseal('totp', accountId, row.secret);
    const off = secret === null ? null : totp(secret).validate({ token: code, timestamp: now.getTime(), window: WINDOW });
    if (off === null) throw wrong();
    const step = Math.floor(now.getTime() / 1000 / PERIOD) + off;
    return this.source.transaction(async (manager) => {
      const [taken] = await manager.query<[unknown[], number]>(
        `update second_factor set last_step = $2, failures = 0, failed_at = null, enrolled_at = coalesce(enrolled_at, $3)
         where account_id = $1 and last_step < $2 returning account_id`,
        [accountId, step, now],
      );
      if (!taken.length) throw wrong();
      return { recoveryCodes: row.enrolled_at ? null : await this.newRecoveryCodes(manager, accountId) };
    });
  }

  private async takeRecovery(accountId: string, code: string, now: Date): Promise<boolean> {
    const [used] = await this.source.query<[unknown[], number]>(
      'update recovery_code set used_at = $3 where account_id = $1 and code_sha256 = $2 and used_at is null returning account_id',
      [accountId, hashOf(accountId, code), now],
    );
    return used.length > 0;
  }

  private async newRecoveryCodes(manager: EntityManager, accountId: string): Promise<readonly string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () => new Secret({ buffer: new Uint8Array(randomBytes(10)).buffer }).base32);
    await manager.query('insert into recovery_code (account_id, code_sha256) select $1, unnest($2::text[])', [
      accountId,
      codes.map((code) => hashOf(accountId, code)),
    ]);
    return codes.map((code) => code.replace(/(.{4})(?=.)/g, '$1-'));
  }

  /**
   * Forgets the factor and its recovery codes, and ends all sessions of the account: it has to enrol anew when it next signs in.
   */
  async forget(accountId: string): Promise<void> {
    await this.source.transaction(async (manager) => {
      await manager.query('delete from second_factor where account_id = $1', [accountId]);
      await manager.query('delete from session where account_id = $1', [accountId]);
    });
  }

  /** The code of this moment, for whoever sits at the machine of a demo. */
  async codeNow(accountId: string): Promise<string | null> {
    const row = await this.row(accountId);
    const secret = row?.enrolled_at ? this.signer.unseal('totp', accountId, row.secret) : null;
    return secret === null ? null : totp(secret).generate({ timestamp: this.clock.now().getTime() });
  }
}

const totp = (secret: string): TOTP => new TOTP({ secret: Secret.fromBase32(secret), digits: DIGITS, period: PERIOD });
/** Eighty random bits need no slow hash. */
const hashOf = (accountId: string, code: string): string => sha256(`${accountId} ${code}`);
const wrong = (): AppError => invalid('code', 'wrong-code');
