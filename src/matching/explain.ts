import type { Language } from '../language/language.js';
import { inLanguage, say, sayCode, sayCountry, sayDay, sayList, sayMonths } from '../language/say.js';
import { writeHs } from '../nomenclature/hs.js';
import { nameOf } from '../nomenclature/names.js';
import { entryOf } from '../statement/statement.js';
import type { Blocker, Evidence } from './scoring/facts.js';

/** One reason for a match, in the reader's words. */
export function sayEvidence(language: Language, evidence: Evidence): string {
  switch (evidence.rule) {
    case 'sector':
      return say(language, 'evidence.sector', { sector: saySector(language, evidence.sector), paragraph: evidence.paragraph });
    case 'product':
      if (evidence.system === 'isic') return say(language, 'evidence.service', { code: evidence.theirs, name: nameOf('isic', evidence.theirs, language) });
      return say(language, evidence.theirs === evidence.yours ? 'evidence.same-product' : 'evidence.near-product', {
        theirs: writeHs(evidence.theirs),
        yours: writeHs(evidence.yours),
        name: nameOf('hs', evidence.theirs, language),
      });
    case 'words':
      return say(language, 'evidence.words', { words: sayList(language, evidence.words) });
    case 'meaning':
      return say(language, evidence.system === 'hs' ? 'evidence.meaning' : 'evidence.meaning-service', {
        code: evidence.code,
        name: nameOf(evidence.system, evidence.code, language),
      });
    case 'capacity':
      return say(language, 'evidence.capacity', { percent: evidence.percent });
    case 'season':
      return say(language, 'evidence.season', { months: sayMonths(language, evidence.months) });
    case 'platform':
      return say(language, 'evidence.platform', { platform: saySector(language, evidence.platform), paragraph: evidence.paragraph });
    case 'certificates':
      return say(language, 'evidence.certificates', {
        certificates: sayList(
          language,
          evidence.certificates.map((one) => sayCode(language, 'certificate', one)),
        ),
      });
    case 'country':
      return say(language, 'evidence.country', { country: sayCountry(language, evidence.country) });
  }
}

/** What stands in the way, and the one thing to do about it. */
export function sayBlocker(language: Language, blocker: Blocker): { gap: string; action: string } {
  switch (blocker.gap) {
    case 'membership-lapsed':
      return {
        gap: say(language, 'blocker.membership-lapsed', { day: sayDay(language, blocker.since) }),
        action: say(language, 'blocker.membership-lapsed.action'),
      };
    case 'certificate-missing':
      return {
        gap: say(language, 'blocker.certificate-missing', { certificate: sayCode(language, 'certificate', blocker.certificate) }),
        action: say(language, 'blocker.certificate-missing.action'),
      };
    case 'capacity-short':
      return { gap: say(language, 'blocker.capacity-short', { percent: blocker.percent }), action: say(language, 'blocker.capacity-short.action') };
    case 'out-of-season':
      return {
        gap: say(language, 'blocker.out-of-season', { months: sayMonths(language, blocker.months) }),
        action: say(language, 'blocker.out-of-season.action'),
      };
  }
}

/** The name of a sector, or any other entry of the statement. */
export function saySector(language: Language, code: string): string {
  const entry = entryOf(code);
  return entry ? inLanguage(entry.name, language).text : code;
}
