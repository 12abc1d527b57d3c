/**
 * What each piece of evidence counts. Fitted by a conditional logit over the candidates of each text, four-fold: on index terms of customs
 * tariffs and industry classifications and on phrases held out of the lexicon itself, in five languages. Change one, then run
 * `npm run evaluate:classify`.
 */
export interface Weights {
  /** Weight of a word the lexicon does not know, as a share of the rarest known one. */
  readonly unknown: number;
  /** How much more the word a text is about counts than the others. */
  readonly head: number;
  /** For words after a preposition. */
  readonly afterPreposition: number;
  /** Rare words count more, by their rarity to this power. */
  readonly rarity: number;
  /** A related form (peeler for peeling) instead of the word itself. */
  readonly otherForm: number;
  /** A part of a word that was cut in two (airbeds → air beds). */
  readonly split: number;
  /** Another word for the same thing. */
  readonly synonym: number;
  /** Similarity of a text to a phrase: share of the text to this power … */
  readonly textPower: number;
  /** … times the share of the phrase to this power … */
  readonly phrasePower: number;
  /** … times this if they are not about the same thing. */
  readonly otherHead: number;
  /** … or this if the text does not even name what the phrase is about (ketchup for ketchup machine). */
  readonly noHead: number;
  /** For phrases of an official nomenclature. */
  readonly official: number;
  /** By {@link FEATURES}. */
  readonly hs: readonly number[];
  /** By {@link FEATURES}, then {@link ISIC_FEATURES}. */
  readonly isic: readonly number[];
}

/** What is known of a class for a text, in the order of the weights. */
export const FEATURES = [
  'best', // similarity of the best phrase
  'second', // of the next one
  'share', // how much of the class's are the words, on average
  'sharedamped',
  'covered', // share of the text that the class knows at all
  'chapter', // as share, for the chapter
  'chapterPhrase', // similarity of the best phrase of the chapter
  'away', // the text holds a phrase that points away
  'textCovered', // of the best phrase
  'phraseCovered',
  'same', // the best phrase and the text are the same
  'sameHead',
  'below', // the best phrase belongs to a subheading or group
  'chapterCovered',
  'signal', // material, state … that speak for the chapter
  'against',
  'rest', // the heading for articles of that material without their own
  'otherRest',
] as const;
export const ISIC_FEATURES = ['made', 'madeAndSaid', 'madeOnly', 'industry', 'vehicles', 'notIndustry'] as const;

export const WEIGHTS: Weights = {
  unknown: 0.3,
  head: 1.12,
  afterPreposition: 1.13,
  rarity: 0.6,
  otherForm: 0.53,
  split: 0.56,
  synonym: 0.7,
  textPower: 1,
  phrasePower: 0.65,
  otherHead: 0.8,
  noHead: 0.75,
  official: 0.7,
  hs: [1.55, 2.28, -1.18, 1.26, 4.31, 1.14, 2.86, 0.05, 1.51, 2.67, 0.4, 0.39, 0, 1.2, 1.41, -1.26, 1.67, 1.32],
  isic: [
    0.8, 2.82, 1.57, 2.46, 4.85, 0, 0, -0.21, 3.07, 2.36, -0.12, 0.22, -0.24, 0, 0, 0, 0, 0,
    // made, madeAndSaid, madeOnly, industry, vehicles, notIndustry
    2.0, 4.36, -0.67, 2.21, 0.72, -2.93,
    // one an activity
    0, 2.31, 3.71, 0.66, 0.58, 0.79, 2.72, 1.86, 2.09, 1.16, 1.03, 1.21, 1.72, 0, 1.22, -0.11,
  ],
};
