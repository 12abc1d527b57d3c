#!/usr/bin/env node
// Settings are documented, and every catalogue says every message with the same values and in its own script.
import fs from 'node:fs';
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';

if (process.argv.includes('--help')) {
  console.log('usage: node scripts/check-words.mjs\nHolds .env.example against the settings, and the message catalogues against the English one.');
  process.exit(0);
}
const { SETTING_NAMES } = await import('../dist/config/env.js');
const { CATALOGUES } = await import('../dist/language/say.js');
const faults = [];

const documented = [...fs.readFileSync('.env.example', 'utf8').matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map((m) => m[1]);
for (const name of SETTING_NAMES) if (!documented.includes(name)) faults.push(`.env.example does not name ${name}`);
for (const name of documented) if (!SETTING_NAMES.includes(name)) faults.push(`.env.example names ${name}, which is no setting`);
const readme = fs.readFileSync('README.md', 'utf8');
for (const name of SETTING_NAMES) if (!readme.includes(`\`${name}\``)) faults.push(`README.md does not explain ${name}`);

/** Names of the values a message needs. */
const valuesOf = (message) => {
  const found = new Set();
  const walk = (parts) => {
    for (const part of parts) {
      if (part.type !== TYPE.literal && part.type !== TYPE.pound && part.value) found.add(part.value);
      for (const option of Object.values(part.options ?? {})) walk(option.value);
    }
  };
  walk(parse(message, { ignoreTag: true }));
  return [...found].sort().join(' ');
};
const SCRIPT = {
  ur: [/[يكهٻڀٺٽٿڃڇڄڌڍڏڊڙڦڪڳڱڻ]/u, 'a letter that Urdu does not have'],
  sd: [/[یہےںٹڈڑ]/u, 'a letter that Sindhi does not have'],
  zh: [/[\u0600-\u06ff]/u, 'Arabic script'],
};
// names that are the same in every language
const LOCAL_NAMES = /^(unit|unit-name|certificate|money)\.|^brand$|^field\.(strn|whatsapp|idempotency-key)$/;
for (const [language, catalogue] of Object.entries(CATALOGUES)) {
  for (const key of Object.keys(CATALOGUES.en)) {
    const message = catalogue[key];
    if (!message) {
      faults.push(`${language}: ${key} is missing`);
      continue;
    }
    if (valuesOf(message) !== valuesOf(CATALOGUES.en[key]))
      faults.push(`${language}: ${key} has values {${valuesOf(message)}}, English {${valuesOf(CATALOGUES.en[key])}}`);
    const [wrong, what] = SCRIPT[language] ?? [];
    const odd = wrong?.exec(message);
    if (odd) faults.push(`${language}: ${key} has ${what}: ${odd[0]}`);
    if (language !== 'en' && message === CATALOGUES.en[key] && /[a-z]{4}/i.test(message.replace(/\{[^{}]*\}/g, '')) && !LOCAL_NAMES.test(key)) {
      faults.push(`${language}: ${key} is still in English`);
    }
  }
  for (const key of Object.keys(catalogue)) if (!(key in CATALOGUES.en)) faults.push(`${language}: ${key} is not in the English catalogue`);
}
for (const fault of faults) console.error(fault);
console.log(
  `${SETTING_NAMES.length} settings, ${Object.keys(CATALOGUES.en).length} messages in ${Object.keys(CATALOGUES).length} languages, ${faults.length} faults`,
);
process.exit(faults.length ? 1 : 0);
