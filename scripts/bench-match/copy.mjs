// COPY … FROM STDIN over a client of node-postgres.

/** Sends rows of values (null, number, text, arrays of them) to a table. */
export function copyRows(client, into, rows) {
  return new Promise((done, failed) => {
    client.query({
      submit: (connection) => connection.query(`copy ${into} from stdin`),
      handleCopyInResponse(connection) {
        let chunk = '';
        for (const row of rows) {
          chunk += `${row.map(field).join('\t')}\n`;
          if (chunk.length > 1 << 16) {
            connection.sendCopyFromChunk(Buffer.from(chunk));
            chunk = '';
          }
        }
        if (chunk) connection.sendCopyFromChunk(Buffer.from(chunk));
        connection.endCopyFrom();
      },
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => done(),
      handleError: (error) => failed(error),
    });
  });
}

const escaped = (text) => text.replace(/[\\\t\n\r]/g, (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c]);
function field(value) {
  if (value === null || value === undefined) return '\\N';
  if (Array.isArray(value)) return escaped(`{${value.map((v) => (typeof v === 'string' ? `"${v}"` : v)).join(',')}}`);
  return escaped(String(value));
}
