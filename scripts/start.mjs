#!/usr/bin/env node
// What `npm start` runs: compiles what changed and starts the program in the same process, so that a signal to npm reaches it.
import { compile } from './compile.mjs';

if (process.argv.includes('--help')) {
  console.log('usage: npm start [-- all|web|worker]\nStarts Rabta in that role; the settings are in .env.example.');
} else {
  await compile();
  await import('../dist/main.js');
}
