import type { ClientBase, Connection, Submittable } from 'pg';
import type { EntityManager } from 'typeorm';

/** A value of a row: null and undefined are SQL's null, lists are arrays. */
type Value = string | number | null | undefined | readonly (string | number)[];

/** Bytes sent at once, about. */
const CHUNK = 1 << 16;

/** The connection of a transaction. */
export async function clientOf(manager: EntityManager): Promise<ClientBase> {
  if (!manager.queryRunner?.isTransactionActive) throw new Error('rows are copied in a transaction');
  return (await manager.queryRunner.connect()) as ClientBase;
}

/**
 * COPY … FROM STDIN: by far the quickest way to bring many rows.
 * @param into a table, with its columns in brackets if not all
 */
export const copyRows = (client: ClientBase, into: string, rows: Iterable<readonly Value[]>): Promise<void> => copyLines(client, into, linesOf(rows));

/**
 * The same of rows that are text already. They are asked for one after the other and forgotten when sent.
 * @param lines fields between tabs, as COPY wants them: {@link escaped} where need be
 */
export function copyLines(client: ClientBase, into: string, lines: Iterable<string>): Promise<void> {
  return new Promise((done, failed) => {
    const copy: Submittable & Record<string, unknown> = {
      submit: (connection: Connection) => connection.query(`copy ${into} from stdin`),
      handleCopyInResponse: (connection: Sink) => {
        let chunk = '';
        try {
          for (const line of lines) {
            chunk += `${line}\n`;
            if (chunk.length < CHUNK) continue;
            connection.sendCopyFromChunk(Buffer.from(chunk));
            chunk = '';
          }
          if (chunk) connection.sendCopyFromChunk(Buffer.from(chunk));
          connection.endCopyFrom();
        } catch (error) {
          failed(error instanceof Error ? error : new Error(String(error)));
          connection.sendCopyFail('the rows ended early');
        }
      },
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => done(),
      handleError: failed,
    };
    client.query(copy);
  });
}

/** What a connection of pg has for copying; its types leave it out. */
interface Sink {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
}

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
/** Text as a field. */
export const escaped = (text: string): string => (/[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (c) => ESCAPED[c] ?? c) : text);

function* linesOf(rows: Iterable<readonly Value[]>): Iterable<string> {
  for (const row of rows) yield row.map(field).join('\t');
}

function field(value: Value): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'object') return escaped(`{${value.map((one) => (typeof one === 'string' ? `"${one.replace(/["\\]/g, '\\$&')}"` : one)).join(',')}}`);
  return escaped(String(value));
}
