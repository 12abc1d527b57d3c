#!/usr/bin/env node
// Holds the trade lexicon against the codes of HS 2022 and its own rules: codes, repetitions, scripts, coverage.
if (process.argv.includes('--help')) {
  console.log(
    'usage: node scripts/check-lexicon.mjs\nChecks codes, repetitions, scripts and coverage of src/nomenclature/lexicon; prints each fault with file and line.',
  );
  process.exit(0);
}
const { readHsCodes, readHsFiles, readIsicFile, readSectionsFile, validateLexicon } = await import('../dist/nomenclature/lexicon.js');
const { faults, coverage } = validateLexicon([...readHsFiles(), readIsicFile(), readSectionsFile()], readHsCodes());
for (const fault of faults) console.error(fault);
const { chapters, headings, headingsInSindhi, subheadings, divisions, items } = coverage;
console.log(
  `${chapters} chapters, ${headings} headings (${headingsInSindhi} in Sindhi), ${subheadings} subheadings, ${divisions} ISIC divisions; ` +
    `phrases: ${Object.entries(items)
      .map(([language, n]) => `${language} ${n}`)
      .join(', ')}; ${faults.length} faults`,
);
process.exit(faults.length ? 1 : 0);
