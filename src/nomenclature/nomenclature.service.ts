import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { remembering } from '../common/remembering.js';
import type { Language } from '../language/language.js';
import { type Classifier, openClassifier, type Suggestion } from './classify.js';
import { nameOf } from './names.js';
import { readOfficialRows } from './nomenclature.queries.js';

/** A code that a text may mean, with its name in the reader's language. */
export interface Suggested {
  readonly system: 'hs' | 'isic';
  readonly code: string;
  readonly name: string;
  /** 0 to 1: how often such an answer is right. */
  readonly score: number;
}

/** Codes taken for granted until the firm chooses for itself. */
export interface Guess {
  readonly guessedHs: string[];
  readonly guessedIsic: string[];
}

/** A guess is only made from here on; below it nothing is better. */
const SURE_ENOUGH = 0.5;
/** For a lead, which is held against everybody: a wrong guess would lead all of them astray. */
export const BEYOND_DOUBT = 0.85;
/** What is less likely than this is not offered to choose from. */
const WORTH_SHOWING = 0.02;

/** Texts → codes, for those who type them and for those who do not know any. The classifier is loaded when it is first asked. */
@Injectable()
export class NomenclatureService {
  private opened: Promise<Classifier> | undefined;
  private readonly guesses = remembering<Guess>(1000);

  constructor(@InjectDataSource() private readonly source: DataSource) {}

  private classifier(): Promise<Classifier> {
    this.opened ??= readOfficialRows(this.source).then((rows) => openClassifier(rows));
    return this.opened;
  }

  /**
   * The likeliest codes for a text, best first; none where nothing is known. Goods and the work they come from often go together (bangles, bangle
   * making): where both are likely, both are offered.
   */
  async suggest(text: string, language: Language, most = 3): Promise<Suggested[]> {
    const { hs, isic } = (await this.classifier()).classify(text, most);
    const named = (system: Suggested['system'], found: readonly Suggestion[]) =>
      found.filter(({ score }) => score >= WORTH_SHOWING).map(({ code, score }) => ({ system, code, score, name: nameOf(system, code, language) }));
    const [goods, services] = [named('hs', hs), named('isic', isic)];
    const [first, second] = isService(hs, isic) ? [services, goods] : [goods, services];
    const likelyToo = second.filter(({ score }) => score >= SURE_ENOUGH).slice(0, 1);
    return [...first.slice(0, most - likelyToo.length), ...likelyToo];
  }

  /** What a firm's line, or a search, without codes is taken to be; the same words are looked for again and again. */
  async guess(line: Coded): Promise<Readonly<Guess>> {
    const classifier = await this.classifier();
    return this.guesses(JSON.stringify(line), () => guessOf(classifier, line));
  }

  /** What a lead without codes is taken to be. */
  async guessLead(lead: Coded): Promise<Guess> {
    return guessOf(await this.classifier(), lead, BEYOND_DOUBT);
  }
}

/** A text with the codes that were chosen for it. */
interface Coded {
  readonly text: string;
  readonly hs: readonly string[];
  readonly isic: readonly string[];
}

/** What a text without codes is taken to be; nothing where it has any, or where nothing is likely. */
export function guessOf(classifier: Classifier, line: Coded, least = SURE_ENOUGH): Guess {
  if (line.hs.length || line.isic.length) return { guessedHs: [], guessedIsic: [] };
  const { hs, isic } = classifier.classify(line.text, 2);
  const sure = (found: readonly Suggestion[]) => found.filter(({ score }) => score >= least).map(({ code }) => code);
  return isService(hs, isic) ? { guessedHs: [], guessedIsic: sure(isic) } : { guessedHs: sure(hs), guessedIsic: [] };
}

/** Divisions up to here grow, dig or make goods: whoever names them is asked about the goods. */
const LAST_OF_GOODS = '33';

/** Whether a text is about a service rather than about goods or the making of them. */
function isService([goods]: readonly Suggestion[], [work]: readonly Suggestion[]): boolean {
  if (!work || !goods) return work !== undefined;
  return work.score >= goods.score && (work.code > LAST_OF_GOODS || goods.score < SURE_ENOUGH);
}
