import { markup, Markup } from '../common/markup.js';
import { dirOf, tagOf } from '../language/say.js';
import type { Language } from '../language/language.js';
import type { DigestModel, DigestModelItem, Link } from './compose.js';

/**
 * Many mail clients drop style sheets: what a mail needs to be read and pressed stands where it is used, each ground with its ink. The sheet in the head adds
 * what is pleasant and, where the client is dark, the dark. Short, for it is said again with every item.
 */
const INK = '#1c2b25';
const QUIET = '#4d5f57';
const GREEN = '#0b5d3b';
const PAPER = '#fdfefd';
const STYLES = {
  page: `margin:0;padding:0;background-color:#f4f6f3;color:${INK}`,
  sheet: `max-width:600px;margin:0 auto;padding:20px 16px;background-color:${PAPER};color:${INK}`,
  heading: `font-size:20px;line-height:1.4;margin:0 0 4px;color:${GREEN}`,
  notice: 'margin:6px 0;padding:8px 12px;background-color:#e3f1e8;color:#0a4a30',
  sector: `font-size:16px;margin:28px 0 4px;border-bottom:2px solid;color:${GREEN}`,
  quiet: `color:${QUIET}`,
  gap: 'background-color:#fbf1dc;color:#553c05',
} as const;

const SHEET = new Markup(
  [
    ':root{color-scheme:light dark}',
    `.g,a{color:${GREEN}}.i{padding:14px 0;border-bottom:1px solid #dfe5e0}h3{font-size:17px;margin:0 0 4px}ul{margin:6px 0;padding:0 18px}.q{color:${QUIET};font-size:14px}`,
    // 44 pixels high and more: a thumb's breadth
    `.w{margin:6px 0;padding:8px 12px}.b{display:inline-block;padding:10px 16px;margin:6px 0 0;border:1px solid ${GREEN};border-radius:6px;text-decoration:none}`,
    `.f{background:${GREEN};color:${PAPER}}`,
    '.m a{display:inline-block;padding:10px 0}',
    '@media (prefers-color-scheme:dark){',
    '.p{background:#101613!important}.s{background:#17201b!important;color:#e4ebe6!important}',
    '.g,a{color:#7fd3a6!important;border-color:#7fd3a6!important}.q{color:#a9b8b0!important}.i{border-color:#33423a!important}',
    '.w{background:#3a2e12!important;color:#f3dfae!important}.n{background:#16382a!important;color:#cfeedd!important}',
    '.f{background:#7fd3a6!important;color:#0c1a13!important}',
    '}',
  ].join(''),
);

/** Urdu is set in Nastaliq where the phone has it, which needs more room between lines. */
const FONTS: Readonly<Record<DigestModel['language'], string>> = {
  en: 'font-family:Arial, Helvetica, sans-serif;font-size:16px;line-height:1.5',
  ur: "font-family:'Noto Nastaliq Urdu', 'Jameel Noori Nastaleeq', 'Geeza Pro', Tahoma, sans-serif;font-size:17px;line-height:2",
  sd: "font-family:'MB Lateefi', 'Noto Naskh Arabic', 'Geeza Pro', Tahoma, sans-serif;font-size:17px;line-height:1.8",
  zh: "font-family:'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', sans-serif;font-size:16px;line-height:1.6",
};

/** The HTML part. `lang` and `dir` stand on the html element and again on a wrapper, because clients strip the outer tags. */
export function digestHtml(digest: DigestModel): string {
  const lang = tagOf(digest.language);
  const dir = dirOf(digest.language);
  const { chamber } = digest;
  return markup`<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>${''}<meta name="color-scheme" content="light dark"/><meta name="supported-color-schemes" content="light dark"/><title>${digest.subject}</title><style>${SHEET}</style></head>${markup`<body class="p" style="${STYLES.page}"><div class="s" lang="${lang}" dir="${dir}" style="${STYLES.sheet};${FONTS[digest.language]};text-align:${dir === 'rtl' ? 'right' : 'left'}">`}${markup`<h1 class="g" style="${STYLES.heading}"><bdi>${chamber.name}</bdi></h1><p>${digest.greeting}<br/>${digest.intro}</p>`}${
    digest.notice !== null && markup`<p class="n" style="${STYLES.notice}">${digest.notice}</p>`
  }${digest.groups.map(
    (group) =>
      markup`<div><h2 class="g" style="${STYLES.sector}">${group.heading}</h2>${
        group.paragraph !== null && markup`<div class="q" style="${STYLES.quiet}">${group.paragraph}</div>`
      }${group.items.map((item) => itemHtml(item, digest.language))}</div>`,
  )}${markup`<p>${digest.shown} ${linkHtml(digest.all)}</p><div class="q" style="${STYLES.quiet}"><p>${digest.because}</p>${linksHtml(digest.ways)}`}${markup`<p><bdi>${chamber.name}</bdi><br/><bdi>${chamber.address}</bdi></p></div></div></body></html>`}`
    .text;
}

const linkHtml = ({ url, text }: Link): Markup => markup`<a href="${url}">${text}</a>`;

/** Members with something between them. */
const between = (separator: Markup | string, members: readonly (Markup | string)[]): (Markup | string)[] =>
  members.flatMap((member, i) => (i ? [separator, member] : [member]));

const BREAK = markup`<br/>`;
const linksHtml = (links: readonly Link[]): Markup => markup`<div class="m">${between(' · ', links.map(linkHtml))}</div>`;

function itemHtml(item: DigestModelItem, language: Language): Markup {
  const { title } = item;
  const foreign = title.language !== language && markup` lang="${tagOf(title.language)}" dir="${dirOf(title.language)}"`;
  const facts = item.facts.map(([label, value]) => markup`${label}: ${dirOf(language) === 'rtl' ? value : markup`<bdi>${value}</bdi>`}`);
  const gaps = item.gaps.map(({ gap, action }) => markup`${gap} ${action}`);
  return markup`<div class="i"><h3><a href="${item.url}"${foreign}>${title.text}</a></h3><div class="q">${item.kind} · <bdi>${item.reference}</bdi></div>${item.changes.map(
    (change) => markup`<div class="n" style="${STYLES.notice}">${change}</div>`,
  )}${between(BREAK, facts)}<ul>${item.why.map((reason) => markup`<li>${reason}</li>`)}</ul>${
    gaps.length > 0 && markup`<div class="w" style="${STYLES.gap}">${between(BREAK, gaps)}</div>`
  }${item.answers.map(({ url, text }, i) => markup`<a href="${url}" class="${i ? 'b' : 'b f'}">${text}</a> `)}${linksHtml(item.more)}</div>`;
}

/**
 * The text part: the same items, reasons and gaps. What is said of a gap every time it says once; of an item's buttons it has the first, whose page offers
 * the others.
 */
export function digestText(digest: DigestModel): string {
  const line = (link: Link): string => `${link.text}: ${link.url}`;
  const said = new Set<string>();
  const lines = [digest.chamber.name, '', digest.greeting, digest.intro];
  if (digest.notice) lines.push('', digest.notice);
  for (const group of digest.groups) {
    lines.push('', `== ${group.heading} ==`);
    if (group.paragraph) lines.push(group.paragraph);
    for (const item of group.items) {
      lines.push('', item.title.text, item.url, `${item.kind} · ${item.reference}`, ...item.changes.map((change) => `* ${change}`));
      for (const [label, value] of item.facts) lines.push(`${label}: ${value}`);
      for (const reason of item.why) lines.push(`+ ${reason}`);
      for (const { gap, action } of item.gaps) {
        lines.push(said.has(action) ? `! ${gap}` : `! ${gap} ${action}`);
        said.add(action);
      }
      lines.push(...item.answers.slice(0, 1).map(line));
    }
  }
  lines.push('', `${digest.shown} ${digest.all.text}: ${digest.all.url}`);
  lines.push('', digest.because, ...digest.ways.map(line));
  lines.push('', digest.chamber.name, digest.chamber.address);
  return lines.join('\n') + '\n';
}
