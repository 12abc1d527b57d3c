#!/usr/bin/env node
// Every gate a change has to pass, in the order in which they fail fastest. Each can be run alone: npm run check -- NAME …
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const bin = (name) => path.join('node_modules', '.bin', name);
const GATES = {
  format: [bin('prettier'), '--check', '--log-level', 'warn', '.'],
  compile: ['node', 'scripts/compile.mjs'],
  types: [bin('tsc'), '-p', 'tsconfig.json'],
  lint: [bin('eslint'), '.'],
  directions: [bin('depcruise'), 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
  words: ['node', 'scripts/check-words.mjs'],
  lexicon: ['node', 'scripts/check-lexicon.mjs'],
  drift: ['node', 'scripts/check-drift.mjs'],
  compose: [bin('dclint'), '--max-warnings', '0', 'docker-compose.yml'],
  dockerfile: [bin('dockerfilelint'), 'Dockerfile'],
};

const asked = process.argv.slice(2);
if (asked.includes('--help')) {
  console.log(`usage: npm run check [-- GATE …]\nGates: ${Object.keys(GATES).join(', ')}. All of them, where none is named.`);
  process.exit(0);
}
const unknown = asked.filter((name) => !(name in GATES));
if (unknown.length) {
  console.error(`No such gate: ${unknown.join(', ')}. There are ${Object.keys(GATES).join(', ')}.`);
  process.exit(2);
}
const failed = [];
for (const [name, [command, ...args]] of Object.entries(GATES)) {
  if (asked.length && !asked.includes(name)) continue;
  const began = Date.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${((Date.now() - began) / 1000).toFixed(1)} s`);
  if (status !== 0) {
    failed.push(name);
    console.log(stdout, stderr);
  }
}
console.log(failed.length ? `\nFailed: ${failed.join(', ')}` : '\nAll gates passed.');
process.exit(failed.length ? 1 : 0);
