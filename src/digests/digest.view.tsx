import { type CSSProperties, Fragment, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
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
const styles = {
  page: { margin: 0, padding: 0, backgroundColor: '#f4f6f3', color: INK },
  sheet: { maxWidth: 600, margin: '0 auto', padding: '20px 16px', backgroundColor: PAPER, color: INK },
  heading: { fontSize: 20, lineHeight: 1.4, margin: '0 0 4px', color: GREEN },
  notice: { margin: '6px 0', padding: '8px 12px', backgroundColor: '#e3f1e8', color: '#0a4a30' },
  sector: { fontSize: 16, margin: '28px 0 4px', borderBottom: '2px solid', color: GREEN },
  quiet: { color: QUIET },
  gap: { backgroundColor: '#fbf1dc', color: '#553c05' },
} satisfies Record<string, CSSProperties>;

const SHEET = [
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
].join('');

/** Urdu is set in Nastaliq where the phone has it, which needs more room between lines. */
const FONTS: Readonly<Record<DigestModel['language'], CSSProperties>> = {
  en: { fontFamily: 'Arial, Helvetica, sans-serif', fontSize: 16, lineHeight: 1.5 },
  ur: { fontFamily: "'Noto Nastaliq Urdu', 'Jameel Noori Nastaleeq', 'Geeza Pro', Tahoma, sans-serif", fontSize: 17, lineHeight: 2 },
  sd: { fontFamily: "'MB Lateefi', 'Noto Naskh Arabic', 'Geeza Pro', Tahoma, sans-serif", fontSize: 17, lineHeight: 1.8 },
  zh: { fontFamily: "'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', sans-serif", fontSize: 16, lineHeight: 1.6 },
};

/** The HTML part. `lang` and `dir` stand on the html element and again on a wrapper, because clients strip the outer tags. */
export function digestHtml(digest: DigestModel): string {
  const lang = tagOf(digest.language);
  const dir = dirOf(digest.language);
  return (
    '<!doctype html>' +
    renderToStaticMarkup(
      <html lang={lang} dir={dir}>
        <head>
          <meta charSet="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="supported-color-schemes" content="light dark" />
          <title>{digest.subject}</title>
          <style>{SHEET}</style>
        </head>
        <body className="p" style={styles.page}>
          <div className="s" lang={lang} dir={dir} style={{ ...styles.sheet, ...FONTS[digest.language], textAlign: dir === 'rtl' ? 'right' : 'left' }}>
            <h1 className="g" style={styles.heading}>
              <bdi>{digest.chamber.name}</bdi>
            </h1>
            <p>
              {digest.greeting}
              <br />
              {digest.intro}
            </p>
            {digest.notice && (
              <p className="n" style={styles.notice}>
                {digest.notice}
              </p>
            )}
            {digest.groups.map((group) => (
              <div key={group.heading}>
                <h2 className="g" style={styles.sector}>
                  {group.heading}
                </h2>
                {group.paragraph && (
                  <div className="q" style={styles.quiet}>
                    {group.paragraph}
                  </div>
                )}
                {group.items.map((item) => (
                  <Item key={item.reference} item={item} language={digest.language} />
                ))}
              </div>
            ))}
            <p>
              {digest.shown} <a href={digest.all.url}>{digest.all.text}</a>
            </p>
            <div className="q" style={styles.quiet}>
              <p>{digest.because}</p>
              <Links links={digest.ways} />
              <p>
                <bdi>{digest.chamber.name}</bdi>
                <br />
                <bdi>{digest.chamber.address}</bdi>
              </p>
            </div>
          </div>
        </body>
      </html>,
    )
  );
}

const Links = ({ links }: { readonly links: readonly Link[] }): ReactNode => (
  <div className="m">
    {links.map((link, i) => (
      <Fragment key={link.url}>
        {i > 0 && ' · '}
        <a href={link.url}>{link.text}</a>
      </Fragment>
    ))}
  </div>
);

function Item({ item, language }: { readonly item: DigestModelItem; readonly language: Language }): ReactNode {
  return (
    <div className="i">
      <h3>
        <a href={item.url} {...(item.title.language === language ? {} : { lang: tagOf(item.title.language), dir: dirOf(item.title.language) })}>
          {item.title.text}
        </a>
      </h3>
      <div className="q">
        {item.kind} · <bdi>{item.reference}</bdi>
      </div>
      {item.changes.map((change) => (
        <div key={change} className="n" style={styles.notice}>
          {change}
        </div>
      ))}
      {item.facts.map(([label, value], i) => (
        <Fragment key={label}>
          {i > 0 && <br />}
          {label}: {dirOf(language) === 'rtl' ? value : <bdi>{value}</bdi>}
        </Fragment>
      ))}
      <ul>
        {item.why.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {item.gaps.length > 0 && (
        <div className="w" style={styles.gap}>
          {item.gaps.map(({ gap, action }, i) => (
            <Fragment key={gap}>
              {i > 0 && <br />}
              {gap} {action}
            </Fragment>
          ))}
        </div>
      )}
      {item.answers.map((answer, i) => (
        <Fragment key={answer.url}>
          <a href={answer.url} className={i ? 'b' : 'b f'}>
            {answer.text}
          </a>{' '}
        </Fragment>
      ))}
      <Links links={item.more} />
    </div>
  );
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
