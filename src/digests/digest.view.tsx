import type { CSSProperties } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { dirOf, tagOf } from '../language/say.js';
import type { DigestModel } from './compose.js';

/** Mail clients drop style sheets: every style stands where it is used. */
const INK = '#1c2b25';
const QUIET = '#4d5f57';
const GREEN = '#0b5d3b';
const styles = {
  page: { margin: 0, padding: 0, backgroundColor: '#f4f6f3', color: INK },
  sheet: { maxWidth: 600, margin: '0 auto', padding: '20px 16px', backgroundColor: '#fdfefd' },
  heading: { fontSize: 20, lineHeight: 1.4, margin: '0 0 4px', color: GREEN },
  sector: { fontSize: 16, lineHeight: 1.5, margin: '28px 0 4px', paddingBottom: 4, borderBottom: `2px solid ${GREEN}`, color: GREEN },
  item: { padding: '14px 0', borderBottom: '1px solid #dfe5e0' },
  title: { fontSize: 17, margin: '0 0 4px', fontWeight: 600 },
  link: { color: GREEN },
  quiet: { color: QUIET, fontSize: 14, margin: '0 0 6px' },
  list: { margin: '6px 0', padding: '0 18px' },
  gap: { margin: '6px 0', padding: '8px 12px', backgroundColor: '#fbf1dc', color: '#553c05' },
  foot: { color: QUIET, fontSize: 13, marginTop: 24 },
} satisfies Record<string, CSSProperties>;

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
          <title>{digest.subject}</title>
        </head>
        <body style={styles.page}>
          <div lang={lang} dir={dir} style={{ ...styles.sheet, ...FONTS[digest.language], textAlign: dir === 'rtl' ? 'right' : 'left' }}>
            <h1 style={styles.heading}>
              <bdi>{digest.chamber.name}</bdi>
            </h1>
            <p>
              {digest.greeting}
              <br />
              {digest.intro}
            </p>
            {digest.groups.map((group) => (
              <div key={group.heading}>
                <h2 style={styles.sector}>{group.heading}</h2>
                {group.items.map((item) => (
                  <div key={item.reference} style={styles.item}>
                    <h3 style={styles.title}>
                      <a href={item.url} style={styles.link} lang={tagOf(item.title.language)} dir={dirOf(item.title.language)}>
                        {item.title.text}
                      </a>
                    </h3>
                    <p style={styles.quiet}>
                      {item.kind} · <bdi>{item.reference}</bdi>
                    </p>
                    {item.facts.map(([label, value]) => (
                      <div key={label}>
                        {label}: <bdi>{value}</bdi>
                      </div>
                    ))}
                    <ul style={styles.list}>
                      {item.why.map((reason) => (
                        <li key={reason}>{reason}</li>
                      ))}
                    </ul>
                    {item.gaps.map(({ gap, action }) => (
                      <div key={gap} style={styles.gap}>
                        {gap} {action}
                      </div>
                    ))}
                  </div>
                ))}
              </div>
            ))}
            <p>
              {digest.shown}{' '}
              <a href={digest.all.url} style={styles.link}>
                {digest.all.text}
              </a>
            </p>
            <div style={styles.foot}>
              <p>
                {digest.because}{' '}
                <a href={digest.settings.url} style={styles.link}>
                  {digest.settings.text}
                </a>{' '}
                ·{' '}
                <a href={digest.stop.url} style={styles.link}>
                  {digest.stop.text}
                </a>
              </p>
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

/** The text part: the same items, reasons and links. */
export function digestText(digest: DigestModel): string {
  const lines = [digest.chamber.name, '', digest.greeting, digest.intro];
  for (const group of digest.groups) {
    lines.push('', `== ${group.heading} ==`);
    for (const item of group.items) {
      lines.push('', item.title.text, `${item.kind} · ${item.reference}`);
      for (const [label, value] of item.facts) lines.push(`${label}: ${value}`);
      for (const reason of item.why) lines.push(`+ ${reason}`);
      for (const { gap, action } of item.gaps) lines.push(`! ${gap} ${action}`);
      lines.push(item.url);
    }
  }
  lines.push('', `${digest.shown} ${digest.all.text}: ${digest.all.url}`);
  lines.push('', digest.because, `${digest.settings.text}: ${digest.settings.url}`, `${digest.stop.text}: ${digest.stop.url}`);
  lines.push('', digest.chamber.name, digest.chamber.address);
  return lines.join('\n') + '\n';
}
