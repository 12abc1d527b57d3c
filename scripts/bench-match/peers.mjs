// What else could find the best firms of a lead, on the same data: PostgreSQL by sets and by full-text search, minisearch, and a plain loop.
import { boundOf, most } from '../../dist/matching/index/firm-index.js';
import { CERTIFICATES, FLAGS, HEAD, idOf, MARKETS, SECTORS } from '../../dist/matching/index/segment.js';
import { PERIODS, UNITS } from '../../dist/nomenclature/units.js';
import { copyRows } from '../../dist/database/copy.js';

/** Numbers of what the index knows by name, as it gave them. */
const named = (numbers) => [...numbers.known.keys()];

/** Every firm's posting lists the other way round: what of codes each firm holds. */
export function codesByFirm(index) {
  const { postings, postingsAt, size } = index.main;
  const isCode = named(index.terms).map((term) => /^(?:hs|isic) /.test(term));
  const at = new Int32Array(size + 1);
  const each = (visit) => {
    for (let term = 0; term + 1 < postingsAt.length; term++)
      if (isCode[term]) for (let i = postingsAt[term]; i < postingsAt[term + 1]; i++) visit(postings[i] >>> 8, term, postings[i] & 255);
  };
  each((firm) => at[firm + 1]++);
  for (let firm = 0; firm < size; firm++) at[firm + 1] += at[firm];
  const next = at.slice();
  const codes = new Int32Array(at[size]);
  each((firm, term, holders) => (codes[next[firm]++] = (term << 8) | holders));
  return { codes, at };
}

/** A plain loop over typed arrays: every firm's score, with the arithmetic of the index; the best fifty kept. */
export function plainLoop(index) {
  const { codes, at } = codesByFirm(index);
  const search = index.searched;
  const segment = index.main;
  const chosen = new Float64Array(index.terms.size);
  const guessed = new Float64Array(index.terms.size);
  return (lead, howMany) => {
    // which part a code earns, whether chosen or guessed
    const offer = lead.codes.reduce((bits, code) => bits | code.holders, 0);
    for (const { term, holders, part } of lead.codes) {
      const table = holders & 5 ? chosen : guessed;
      table[term] = Math.max(table[term], part);
    }
    search.open(lead);
    const found = [];
    let least = 0;
    for (let firm = 0; firm < segment.size; firm++) {
      if (boundOf(segment, firm, lead, 1) < 0) continue;
      let part = 0;
      for (let i = at[firm]; i < at[firm + 1]; i++) {
        const term = codes[i] >>> 8;
        const holders = codes[i] & offer;
        if (holders & 5 && chosen[term] > part) part = chosen[term];
        if (holders & 10 && guessed[term] > part) part = guessed[term];
      }
      const score = search.score(segment, firm, lead, part, 0);
      if (score < 0 || score < least) continue;
      found.push({ id: firm, score });
      if (found.length === 4 * howMany) {
        found.sort((a, b) => b.score - a.score || (idOf(segment, a.id) < idOf(segment, b.id) ? -1 : 1)).length = howMany;
        least = found[howMany - 1].score;
      }
    }
    search.close(lead);
    for (const { term } of lead.codes) chosen[term] = guessed[term] = 0;
    return found
      .map(({ id, score }) => ({ id: idOf(segment, id), score }))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, howMany);
  };
}

/** minisearch over the words and codes of each firm: its own ranking, any word may match. */
export async function miniSearch(documents) {
  const { default: MiniSearch } = await import('minisearch');
  const split = (text) => text.split(' ');
  const engine = new MiniSearch({ fields: ['said'], tokenize: split, processTerm: (term) => term, searchOptions: { tokenize: split, combineWith: 'OR' } });
  engine.addAll(documents);
  return (query, howMany) => engine.search(query).slice(0, howMany);
}

/** What a search engine is given of a lead, or of a firm's line. */
export const saidBy = (words, hs) => [...words, ...hs.map((code) => `hs${code.slice(0, 4)}`)].filter((word) => !word.startsWith('#') && !word.startsWith('@'));

/**
 * The same firms as rows, with the indexes that serve the questions best: index-only scans of postings, rows of attributes by number.
 * @param documents a text a firm, for full-text search
 */
export async function fillPostgres(client, index, documents) {
  const { main } = index;
  await client.query(`
    create table head (firm int, id uuid, flags int, sets int, certificates int, markets int, offers_said int, needs_said int, not_countries text[], not_words text[], far text[]);
    create table code_posting (term int, holder int, firm int);
    create table word_posting (term int, firm int, offers smallint, needs smallint, both_sides smallint);
    create table offer_line (firm int, again int, months int, keys int[], base text, per_month float8);
    create unlogged table document (firm int, said tsvector)`);
  await copyRows(client, 'head', headsOf(main));
  await copyRows(client, 'code_posting', codePostings(index));
  await copyRows(client, 'word_posting', wordPostings(index));
  await copyRows(client, 'offer_line', linesOf(main));
  await client.query('create temp table said (firm int, said text)');
  await copyRows(
    client,
    'said',
    documents.map(({ id, said }) => [id, said]),
  );
  await client.query(`
    insert into document select firm, array_to_tsvector(array(select distinct unnest(string_to_array(said, ' ')))) from said;
    create unique index on head (firm) include (id, flags, sets, certificates, markets, not_countries, not_words, far);
    create unique index on code_posting (term, holder, firm);
    create unique index on word_posting (term, firm) include (offers, needs, both_sides);
    create index on offer_line (firm);
    create index on document using gin (said) with (fastupdate = off)`);
  for (const table of ['head', 'code_posting', 'word_posting', 'offer_line', 'document']) await client.query(`vacuum analyze ${table}`);
  await client.query(`set jit = off; set work_mem = '64MB'; set max_parallel_workers_per_gather = 0; set enable_nestloop = off`);
}

function* headsOf(main) {
  for (let firm = 0; firm < main.size; firm++) {
    const head = HEAD * firm;
    const flags = main.heads[head + FLAGS];
    const rare = main.rare.get(firm);
    yield [
      firm,
      idOf(main, firm),
      flags,
      main.heads[head + SECTORS],
      main.heads[head + CERTIFICATES],
      main.heads[head + MARKETS],
      (flags >>> 23) & 7,
      (flags >>> 26) & 7,
    ].concat(rare ? [[...rare.countries], [...rare.words], [...rare.markets]] : [null, null, null].map(() => '{}'));
  }
}
function* codePostings(index) {
  const { codes, at } = codesByFirm(index);
  for (let firm = 0; firm < index.main.size; firm++)
    for (let i = at[firm]; i < at[firm + 1]; i++) for (const holder of [1, 2, 4, 8]) if (codes[i] & holder) yield [codes[i] >>> 8, holder, firm];
}
function* wordPostings({ main, shapes }) {
  for (let firm = 0; firm < main.size; firm++)
    for (let i = main.wordsAt[firm]; i < main.wordsAt[firm + 1]; i++) {
      const { offers, needs, both } = shapes[main.words[i] & 4095];
      yield [main.words[i] >>> 12, firm, offers, needs, both];
    }
}
const BASE = { kg: ['kg', 1], t: ['kg', 1000], maund: ['kg', 40], piece: ['piece', 1], dozen: ['piece', 12] };
const MONTHS = { month: 1, quarter: 3, year: 12 };
export const inBase = (unit) => BASE[unit] ?? [unit, 1];
function* linesOf(main) {
  const bits = new Int32Array(2);
  const amount = new Float64Array(bits.buffer);
  for (let firm = 0; firm < main.size; firm++) {
    let group = 0;
    for (let i = main.linesAt[firm]; i < main.linesAt[firm + 1];) {
      const line = main.lines[i++];
      if (!(line & (1 << 19))) group++;
      const n = line >>> 20;
      const keys = [...main.lines.subarray(i, i + n)];
      i += n;
      const unit = (line >>> 12) & 31;
      let [base, perMonth] = [null, null];
      if (unit) {
        bits[0] = main.lines[i++];
        bits[1] = main.lines[i++];
        const [name, factor] = inBase(UNITS[unit - 1]);
        base = name;
        perMonth = (amount[0] * factor) / MONTHS[PERIODS[(line >>> 17) & 3]];
      }
      yield [firm, group, line & 4095, keys, base, perMonth];
    }
  }
}

/**
 * The same fifty by sets. Rows are looked up by laterals and everything else is joined by hashes: left alone, the planner takes lists of hundreds for lists of one.
 * It begins with the codes that earn most, and looks further only where the fiftieth could still be surpassed, as the index does.
 */
export function bySets(client) {
  /** @param from the least part of the product that a code must earn; 0 for all with any word too, -1 for all firms */
  const ask = async (lead, from, few, howMany) => {
    const codes = lead.codes.filter(({ part }) => part >= from);
    const words = lead.texts.flatMap(({ terms, weights }, text) => terms.map((term, i) => [text, term, weights[i]]));
    const column = lead.side === 1 ? 'offers' : lead.side === 2 ? 'needs' : 'both_sides';
    const { facts, max } = lead;
    const lined = max.capacity > 0 || max.season > 0;
    const [base, factor] = facts.quantity ? inBase(facts.quantity.unit) : [null, 1];
    const wanted = facts.quantity ? (facts.quantity.amount * factor) / MONTHS[facts.quantity.period ?? 'month'] : 1;
    const score = (words, capacity, months) =>
      `100 * (${max.product}::float8 * part + ${max.sector} * sector + ${max.words} * ${words} + ${max.capacity} * ${capacity} +
         ${lead.certificatesAsked ? `${max.certificates}::float8 * held / ${lead.certificatesAsked}` : 0} + ${lead.monthsAsked ? `${max.season}::float8 * ${months} / ${lead.monthsAsked}` : 0} +
         ${max.country} * country + ${max.platform} * platform) / ${lead.maxOfAll}`;
    const mostLines = `(case when ${[lead.side & 1 ? 'offers_said' : '0', lead.side & 2 ? 'needs_said' : '0'].join(' + ')} >= 7 then 7 else ${[lead.side & 1 ? 'offers_said' : '0', lead.side & 2 ? 'needs_said' : '0'].join(' + ')} end)`;
    const { rows } = await client.query(
      `with p as materialized (
         ${from < 0 ? 'select firm, max(part) part from (select firm, 0::float8 part from head union all' : 'select firm, max(part) part from ('}
           select c.firm, g.part from unnest($1::int[], $2::int[], $3::float8[]) g (term, holder, part) cross join lateral (select firm from code_posting where term = g.term and holder = g.holder offset 0) c
           ${from === 0 ? 'union all select w.firm, 0 from word_posting w where w.term = any($5::int[])' : ''}) x group by firm
       ), h as materialized (
         select p.firm, p.part, h.id, (h.sets & ${lead.sectors} <> 0)::int sector, (h.sets & ${lead.platforms} <> 0)::int platform,
           bit_count(((${[lead.side & 1 ? 'certificates' : '0', lead.side & 2 ? '(certificates >> 16)' : '0'].join(' | ')}) & ${lead.certificates})::bit(16))::int held,
           (flags & 4 <> 0 or ${[0, 8, 16, 24].map((shift) => `(markets >> ${shift}) & 255 = ${lead.country}`).join(' or ')} or $8 = any(far))::int country,
           ${mostLines} lines, (flags & 16 <> 0)::int able
         from p cross join lateral (select * from head where head.firm = p.firm offset 0) h
         where flags & ${1 << (14 + lead.kind)} = 0 and ${lead.bySector ? `h.sets & ${lead.sectors} <> 0` : `flags & ${lead.asks} <> 0`}
           and not ($8 = any(not_countries)) and not (not_words && $9)
       ), b as materialized (
         select *, ${score('($10::float8[])[lines + 1]', 'able', lead.monthsAsked)} bound from h ${few ? `order by bound desc limit ${few}` : ''}
       ), w as materialized (
         select firm, max(found / (found + ${HALF})) words from (
           select q.firm, sum(g.weight * ($11::float8[])[least(q.${column}, 63) + 1]) / ($7::float8[])[g.text + 1] found
           from unnest($4::int[], $5::int[], $6::float8[]) g (text, term, weight) cross join lateral (select * from word_posting where term = g.term and ${column} > 0 offset 0) q
           ${few ? 'where q.firm in (select firm from b)' : ''}
           group by q.firm, g.text) x where found > 0 group by firm
       ), s as materialized (
         select b.*, coalesce(w.words, 0) words ${
           lined
             ? `, coalesce((select sum(share order by share) from (
                 select per_month / ${wanted}::float8 share from offer_line l where l.firm = b.firm and l.keys && $12::int[] and l.base = '${base}' group by again, per_month) x), 0) able_share,
                 bit_count(coalesce((select bit_or(months) from offer_line l where l.firm = b.firm and l.keys && $12::int[]), 0)::bit(12) & ${lead.months}::bit(12))::int months`
             : ', $12::int[] keys'
         }
         from b left join w using (firm)
       )
       select id, ${score('words', lined ? '(case when able_share >= 1 - 1e-9 then 1 else able_share end)' : '0', lined ? 'months' : '0')} score, (select min(bound) from b) least_bound, (select count(*) from b) met
       from s order by 2 desc, 1 limit ${howMany}`,
      [
        codes.map((c) => codeHolders(c).map(() => c.term)).flat(),
        codes.map((c) => codeHolders(c)).flat(),
        codes.map((c) => codeHolders(c).map(() => c.part)).flat(),
        words.map((w) => w[0]),
        words.map((w) => w[1]),
        words.map((w) => w[2]),
        lead.texts.map(({ norm }) => Math.sqrt(norm)),
        facts.country ?? '',
        facts.titles.flatMap((title) => [...title]),
        lead.wordsMost,
        SAT,
        lead.carriers,
      ],
    );
    return rows;
  };
  return async (lead, howMany) => {
    const parts = [...new Set(lead.codes.map(({ part }) => part))].sort((a, b) => b - a);
    const wide = lead.wordsMost.at(-1);
    // headings, then chapters, then words, then everybody
    const steps = [...[0.6, 0.01].filter((part) => parts[0] >= part), 0, -1];
    for (const [i, from] of steps.entries()) {
      const next = from > 0 ? Math.max(0, ...parts.filter((part) => part < from)) : 0;
      const beyond = from === 0 ? most(lead, 0, 0) : from < 0 ? -1 : most(lead, next, wide);
      for (const few of from > 0 ? [400, 0] : [0]) {
        const rows = await ask(lead, from, few, howMany);
        const last = rows.length === howMany ? rows.at(-1).score : -1;
        if (few && rows.length && Number(rows[0].met) === few && !(last > rows[0].least_bound)) continue;
        if (last > beyond || i === steps.length - 1) return rows.map(({ id, score }) => ({ id, score }));
        break;
      }
    }
    return [];
  };
}
const codeHolders = ({ holders }) => [1, 2, 4, 8].filter((holder) => holders & holder);
const { HALF, SAT } = await import('../../dist/matching/scoring/epoch.js');

/** PostgreSQL's full-text search: any of the lead's words, by its own ranking. */
export const byText = (client) => async (words, howMany) => {
  const { rows } = await client.query(
    `select firm from document, to_tsquery('simple', $1) q where said @@ q order by ts_rank(said, q) desc, firm limit ${howMany}`,
    [words.map((word) => `'${word}'`).join(' | ')],
  );
  return rows;
};
