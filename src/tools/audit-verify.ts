/** Reckons the chain of the audit trail anew, and says whether anything in it was changed, left out or cut off. */
import { parseArgs } from 'node:util';
import { type Head, verify } from '../audit/audit.js';
import { inside } from './house.js';

const USAGE = `usage: npm run -s audit:verify [-- --expect SEQ:HASH]
Reckons the hash of every act in the audit trail anew, and that each holds the hash of the one before it. Prints the head, SEQ:HASH: keep it somewhere
else, and give it as --expect later, for a trail that was cut off at its end is whole in itself. Ends with 1 when something is wrong.`;

const FAULT = {
  gap: 'is missing',
  chain: 'does not follow from the act before it',
  hash: 'was changed after it was written',
  'cut-off': 'and later ones were cut off',
} as const;

function expected(text: string | undefined): Head | undefined {
  if (text === undefined) return undefined;
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!seq || !hash) throw new Error('--expect takes SEQ:HASH, as this command prints it');
  return { seq: Number(seq), hash };
}

try {
  const { values } = parseArgs({ options: { expect: { type: 'string' }, help: { type: 'boolean' } } });
  const head = expected(values.expect);
  if (values.help) console.log(USAGE);
  else {
    await inside(async ({ source }) => {
      const verdict = await verify(source.manager, head);
      console.log(
        verdict.ok ? `${verdict.head.seq} acts, the chain holds.\n${verdict.head.seq}:${verdict.head.hash}` : `Act ${verdict.seq} ${FAULT[verdict.fault]}.`,
      );
      process.exitCode = verdict.ok ? 0 : 1;
    });
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
