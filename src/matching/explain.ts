import type { Language } from '../language/language.js';
import { inLanguage, say, sayCode, sayCountry, sayDay, sayList, sayMonths, sayNumber } from '../language/say.js';
import { writeHs } from '../nomenclature/hs.js';
import { nameOf } from '../nomenclature/names.js';
import { entryOf } from '../statement/statement.js';
import type { Account, Brings, Change } from './scoring/account.js';
import type { Blocker, Evidence } from './scoring/facts.js';
import type { Gate } from './scoring/gates.js';

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

/** What is said of one rule in the account of a pair. */
export interface SaidRule {
  readonly rule: string;
  /** "12 of 15 points". */
  readonly points: string;
  readonly because: readonly string[];
  /** What keeps it from all its points; undefined where it has them. */
  readonly short: string | undefined;
}

/** The whole account of a pair in the reader's words: "matched because" and "held back by", rule by rule. */
export function sayAccount(
  language: Language,
  account: Account,
): {
  readonly score: number;
  readonly shut: string | undefined;
  readonly rules: readonly SaidRule[];
  readonly blockers: readonly { gap: string; action: string }[];
} {
  return {
    score: Math.floor(account.score),
    shut: account.gate === null ? undefined : sayGate(language, account.gate),
    rules: account.rules.map(({ rule, points, max, evidence }) => ({
      rule: say(language, `rule.${rule}`),
      points: say(language, 'account.points', { points: sayNumber(language, Math.round(points * 10) / 10), max: sayNumber(language, max) }),
      because: evidence.map((one) => sayEvidence(language, one)),
      short: points < max ? say(language, `rule.${rule}.short`) : undefined,
    })),
    blockers: account.blockers.map((one) => sayBlocker(language, one)),
  };
}

/** Why a pair may not be matched at all. */
export const sayGate = (language: Language, gate: Gate): string => say(language, `gate.${gate}`);

/** The one change that would bring a lead, with the score that it would have. */
export const sayBrings = (language: Language, { change, score }: Brings): string =>
  say(language, 'change.brings', { change: sayChange(language, change), score: Math.floor(score) });

function sayChange(language: Language, change: Change): string {
  const key = `change.${change.change}` as const;
  switch (change.change) {
    case 'renew':
    case 'capacity':
      return say(language, key);
    case 'include-country':
    case 'market':
      return say(language, key, { country: sayCountry(language, change.country) });
    case 'include-kind':
    case 'seek':
      return say(language, key, { kind: sayCode(language, 'kind', change.kind) });
    case 'include-words':
      return say(language, key, { words: sayList(language, change.words) });
    case 'sector':
      return say(language, key, { sector: saySector(language, change.sector) });
    case 'season':
      return say(language, key, { months: sayMonths(language, change.months) });
    case 'certificate':
      return say(language, key, { certificate: sayCode(language, 'certificate', change.certificate) });
    case 'offer':
    case 'need':
      return say(language, key, {
        name: nameOf(change.system, change.code, language),
        code: change.system === 'hs' ? `HS ${writeHs(change.code)}` : `ISIC ${change.code}`,
      });
  }
}

/** The name of a sector, or any other entry of the statement. */
export function saySector(language: Language, code: string): string {
  const entry = entryOf(code);
  return entry ? inLanguage(entry.name, language).text : code;
}
