import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { record } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { invalid, notFound, parse } from '../common/errors.js';
import { email } from '../common/text.js';
import { addressSha256, suppress } from '../digests/suppressions.queries.js';
import { Contact } from '../firms/firm.entity.js';

/** To be typed again: nobody is erased by one press. */
export const erasureSchema = z.strictObject({ address: email });

/** Who asks for it. */
export interface Asking {
  readonly party: 'firm' | 'chamber';
  /** Their account. */
  readonly id: string;
}

/** What is kept about a person: all of it on paper, or none of it any more. */
@Injectable()
export class PersonsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Everything that is kept about a contact of a firm.
   * @throws AppError NotFound
   */
  async export(firmId: string, contactId: string): Promise<Record<string, unknown>> {
    const { manager } = this.source;
    const contact = await find(manager, firmId, contactId);
    const about = (sql: string): Promise<unknown[]> => manager.query(sql, [contactId]);
    const { nonce: _, codeAttempts: _tries, ...said } = contact;
    const hash = addressSha256(contact.email);
    return {
      contact: said,
      account:
        (
          await about('select a.id, a.email, a.name, a.role, a.language, a.created_at from account a join contact c on c.account_id = a.id where c.id = $1')
        )[0] ?? null,
      subscription: (await about('select * from subscription where contact_id = $1'))[0] ?? null,
      digests: await about('select id, state, reason, due_at, finished_at, language, subject from digest where contact_id = $1 order by due_at'),
      interests: await about('select opportunity_id, sentence, state, at from interest where contact_id = $1 order by at'),
      notForMe: await about('select opportunity_id, reason, text, at from feedback where contact_id = $1 order by at'),
      saved: await about('select opportunity_id, at from saved where contact_id = $1 order by at'),
      introductions: await about(
        `select i.id, i.opportunity_id, i.state, i.sentence, i.created_at from introduction_member m join introduction i on i.id = m.introduction_id
         where m.contact_id = $1 order by i.created_at`,
      ),
      securityMail: await manager.query('select purpose, state, created_at from security_mail where lower(recipient) = lower($1) order by created_at', [
        contact.email,
      ]),
      suppressions: await manager.query('select stream, kind, reason, until::text, created_at from suppression where address_sha256 = $1', [hash]),
      acts: await about(
        'select seq, at, act, subject, subject_id from audit where actor = $1 or actor = (select account_id from contact where id = $1) order by seq',
      ),
    };
  }

  /**
   * Erases a contact of a firm with the account, the mails and all that was written; what stays is the hash of the address, so that it is never mailed again,
   * and the acts in the audit trail, which name nobody.
   * @param input the address, typed again
   * @throws AppError Invalid where it is another one, NotFound
   */
  async erase(firmId: string, contactId: string, input: unknown, by: Asking): Promise<void> {
    const { address } = parse(erasureSchema, input);
    await this.source.transaction(async (tx) => {
      const contact = await find(tx, firmId, contactId);
      if (contact.email.toLowerCase() !== address.toLowerCase()) throw invalid('address', 'not-this-address');
      const at = this.clock.now();
      const reason = 'erased';
      await suppress(
        tx,
        { addressSha256: addressSha256(contact.email), stream: 'all', kind: 'by-hand', reason, until: null, by: by.party === 'chamber' ? by.id : null },
        at,
      );
      await tx.query('delete from security_mail where lower(recipient) = lower($1)', [contact.email]);
      for (const sql of [
        `update introduction set sentence = '' where id in (select introduction_id from introduction_member where contact_id = $1)`,
        `update interest set sentence = '' where contact_id = $1`,
        `update feedback set text = '' where contact_id = $1`,
        `delete from account where id = (select account_id from contact where id = $1)`,
        // the firm's telephone is the person's where there is nobody else
        `update firm set phone = null, whatsapp = null where id = (select firm_id from contact where id = $1)
           and not exists (select 1 from contact o where o.firm_id = firm.id and o.id <> $1)`,
        'delete from contact where id = $1',
      ])
        await tx.query(sql, [contactId]);
      await record(tx, { at, party: by.party, actor: by.id, act: 'person.erase', subject: 'contact', subjectId: contactId });
    });
  }
}

async function find(manager: EntityManager, firmId: string, contactId: string): Promise<Contact> {
  const contact = await manager.findOneBy(Contact, { id: contactId, firmId });
  if (!contact) throw notFound();
  return contact;
}
