/** The stock way that `npm run bench:digest` compares with: a transaction a firm, nodemailer's pool and composer; the same queries and the same words. */
import { createTransport } from 'nodemailer';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../database/data-source.js';
import { digestUrls } from '../../digests/answer-links.js';
import { candidates, recipients } from '../../digests/digests.queries.js';
import { writeDigest } from '../../digests/write.js';
import { tellAndEnd } from './processes.js';

/** More in flight than connections, so that none of them waits for the database. */
const IN_FLIGHT = 15;

const [databaseUrl, relayUrl, connections] = process.argv.slice(2);
if (!process.send || !databaseUrl || !relayUrl) {
  console.log('usage: stock DATABASE_URL RELAY_URL CONNECTIONS\nStarted by npm run bench:digest.');
} else {
  const source = new DataSource({ ...dataSourceOptions(databaseUrl), extra: { max: IN_FLIGHT, options: '-c timezone=UTC' } });
  await source.initialize();
  const relay = new URL(relayUrl);
  const pool = createTransport({
    pool: true,
    maxConnections: Number(connections),
    maxMessages: Infinity,
    host: relay.hostname,
    port: Number(relay.port),
    ignoreTLS: true,
  });
  const today = new Date().toISOString().slice(0, 10);

  const one = async (): Promise<boolean> => {
    const work = await source.transaction(async (manager) => {
      const [row] = await manager.query<{ id: string; contact_id: string }[]>(
        `select id, contact_id from digest where state = 'queued' limit 1 for update skip locked`,
      );
      if (!row) return undefined;
      await manager.query(`update digest set state = 'claimed' where id = $1`, [row.id]);
      const to = (await recipients(manager, [row.contact_id], today, new Date())).get(row.contact_id);
      const wanted = (await candidates(manager, [row.contact_id], today, null)).get(row.contact_id);
      if (!to || to.reason || !wanted) throw new Error('nothing to send');
      return { row, to, wanted };
    });
    if (!work) return false;
    const { row, to, wanted } = work;
    const urls = digestUrls('http://localhost:3000', { token: (_, id) => `${id}.${'x'.repeat(32)}` }, row.contact_id);
    const { subject, text, html } = writeDigest({ CHAMBER_NAME: 'Hyderabad Chamber (demo)', CHAMBER_ADDRESS: 'Hyderabad, Sindh, Pakistan' }, to, wanted, urls);
    await pool.sendMail({
      from: { name: 'Hyderabad Chamber (demo)', address: 'digest@bench-sink.net' },
      to: { name: to.name, address: to.email },
      subject,
      text,
      html,
      messageId: `<${row.id}@bench-sink.net>`,
      headers: { 'List-Unsubscribe': `<${urls.stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    });
    await source.transaction(async (manager) => {
      await manager.query(`update digest set state = 'sent', finished_at = now() where id = $1`, [row.id]);
      await manager.query(
        `insert into digest_item (digest_id, opportunity_id, position, score, material_revision)
         select $1, "opportunityId", row_number() over (), score, "materialRevision" from jsonb_to_recordset($2) as i ("opportunityId" uuid, score real, "materialRevision" int)`,
        [row.id, JSON.stringify(wanted.items)],
      );
    });
    return true;
  };
  process.once('message', () => {
    const from = process.cpuUsage();
    void Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        while (await one());
      }),
    ).then(
      () => tellAndEnd(from),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send('ready');
}
