import { NotReadable } from './facts.js';

/** What a list of documents is worth to one query. */
export interface Measures {
  readonly ndcg10: number;
  readonly hit1: number;
  readonly hit10: number;
  readonly mrr10: number;
  readonly map: number;
}

const DEPTH = 10;

/**
 * @param ranked documents, best first
 * @param relevant document → grade above 0
 */
export function measure(ranked: readonly string[], relevant: ReadonlyMap<string, number>): Measures {
  const gain = (grade: number, at: number): number => (2 ** grade - 1) / Math.log2(at + 2);
  const ideal = [...relevant.values()]
    .sort((a, b) => b - a)
    .slice(0, DEPTH)
    .reduce((sum, grade, at) => sum + gain(grade, at), 0);
  const top = ranked.slice(0, DEPTH);
  const first = top.findIndex((id) => relevant.has(id));
  let found = 0;
  let precision = 0;
  ranked.forEach((id, at) => {
    if (relevant.has(id)) precision += ++found / (at + 1);
  });
  return {
    ndcg10: ideal ? top.reduce((sum, id, at) => sum + gain(relevant.get(id) ?? 0, at), 0) / ideal : 0,
    hit1: first === 0 ? 1 : 0,
    hit10: first >= 0 ? 1 : 0,
    mrr10: first >= 0 ? 1 / (first + 1) : 0,
    map: relevant.size ? precision / relevant.size : 0,
  };
}

/** The mean of each measure over the queries; 0 for none. */
export function meanOf(all: readonly Measures[]): Measures {
  const mean = (of: keyof Measures): number => (all.length ? all.reduce((sum, one) => sum + one[of], 0) / all.length : 0);
  return { ndcg10: mean('ndcg10'), hit1: mean('hit1'), hit10: mean('hit10'), mrr10: mean('mrr10'), map: mean('map') };
}

/**
 * Lines of a TREC file of judgements, `query 0 document grade` → per query its relevant documents.
 * @throws NotReadable naming the line
 */
export function readQrels(file: string, text: string): Map<string, Map<string, number>> {
  const judged = new Map<string, Map<string, number>>();
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const [query, , document, grade, more] = line.trim().split(/\s+/);
    const value = Number(grade);
    if (query === undefined || document === undefined || grade === undefined || more !== undefined || !Number.isInteger(value))
      throw new NotReadable(`${file}:${i + 1}: not "query 0 document grade"`);
    const documents = judged.get(query) ?? new Map<string, number>();
    if (value > 0) documents.set(document, value);
    judged.set(query, documents);
  });
  return judged;
}
