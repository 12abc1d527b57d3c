/** The bare limit that `npm run bench:digest` compares with: messages that are there already, through nodemailer's SMTP connections. */
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import pg from 'pg';
import { tellAndEnd } from './processes.js';

/** So many different messages, again and again. */
const DIFFERENT = 500;

const [databaseUrl, relayUrl, connections, messages] = process.argv.slice(2);
if (!process.send || !databaseUrl || !relayUrl) {
  console.log('usage: bare DATABASE_URL RELAY_URL CONNECTIONS MESSAGES\nStarted by npm run bench:digest.');
} else {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ message: Buffer }>(`select message from digest where message is not null order by id limit ${DIFFERENT}`);
  await client.end();
  const relay = new URL(relayUrl);
  let left = Number(messages);
  const through = async (): Promise<void> => {
    const connection = new SMTPConnection({ host: relay.hostname, port: Number(relay.port), ignoreTLS: true });
    await new Promise<void>((ready, failed) => connection.connect((error) => (error ? failed(error) : ready())));
    for (let n = left--; n > 0; n = left--) {
      const message = rows[n % rows.length]?.message ?? Buffer.alloc(0);
      await new Promise<void>((taken, failed) =>
        connection.send({ from: 'digest@bench-sink.net', to: [`bare${n}@bench-sink.net`], size: message.length }, message, (error) =>
          error ? failed(error) : taken(),
        ),
      );
    }
    connection.quit();
  };
  process.once('message', () => {
    const from = process.cpuUsage();
    void Promise.all(Array.from({ length: Number(connections) }, through)).then(
      () => tellAndEnd(from),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send('ready');
}
