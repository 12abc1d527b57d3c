import type { CSSProperties } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Language } from '../language/language.js';
import { dirOf, tagOf } from '../language/say.js';

/** A label and what stands beside it. */
export type Fact = readonly [label: string, value: string];

/** A mail to one person before it is drawn; both its parts say the same. What is empty is left out. */
export interface LetterText {
  readonly language: Language;
  readonly subject: string;
  readonly greeting: string | null;
  readonly paragraphs: readonly string[];
  readonly cards: readonly { readonly title: string; readonly facts: readonly Fact[] }[];
  readonly rules: { readonly title: string; readonly lines: readonly string[] } | null;
  readonly actions: readonly { readonly text: string; readonly href: string }[];
  readonly last: readonly string[];
  readonly chamber: { readonly name: string; readonly address: string };
}

const body: CSSProperties = {
  fontFamily: "Arial, 'Noto Nastaliq Urdu', 'Noto Naskh Arabic', 'Microsoft YaHei', sans-serif",
  fontSize: 16,
  lineHeight: 1.8,
  color: '#1c2b25',
};
const box: CSSProperties = { border: '1px solid #c9d6cf', borderRadius: 6, padding: '4px 16px', margin: '12px 0' };
const warning: CSSProperties = { ...box, border: '2px solid #9a5b00' };
const button: CSSProperties = {
  display: 'inline-block',
  padding: '8px 18px',
  margin: '0 0 8px',
  backgroundColor: '#0b5d3b',
  color: '#fdfefd',
  textDecoration: 'none',
  borderRadius: 6,
};

/** Text and HTML of a letter: everything that is mailed but digests. */
export function drawLetter(letter: LetterText): { subject: string; text: string; html: string } {
  const { language, subject, greeting, paragraphs, cards, rules, actions, last, chamber } = letter;
  const blocks = [
    ...(greeting ? [greeting] : []),
    ...paragraphs,
    ...cards.map(({ title, facts }) => [title, ...facts.map(([label, value]) => `  ${label}: ${value}`)].join('\n')),
    ...(rules ? [[rules.title, ...rules.lines.map((line) => `  - ${line}`)].join('\n')] : []),
    ...(actions.length ? [actions.map(({ text, href }) => `${text}: ${href}`).join('\n')] : []),
    ...last,
    `${chamber.name}\n${chamber.address}`,
  ];
  const html =
    '<!doctype html>' +
    renderToStaticMarkup(
      <html lang={tagOf(language)} dir={dirOf(language)}>
        <head>
          <meta charSet="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{subject}</title>
        </head>
        <body>
          <div lang={tagOf(language)} dir={dirOf(language)} style={body}>
            {greeting && <p>{greeting}</p>}
            {paragraphs.map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
            {cards.map(({ title, facts }) => (
              <div key={title} style={box}>
                <p>
                  <strong>
                    <bdi>{title}</bdi>
                  </strong>
                </p>
                {facts.map(([label, value]) => (
                  <p key={label}>
                    {label}: <bdi>{value}</bdi>
                  </p>
                ))}
              </div>
            ))}
            {rules && (
              <div style={warning}>
                <p>
                  <strong>{rules.title}</strong>
                </p>
                <ul>
                  {rules.lines.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </div>
            )}
            {actions.map(({ text, href }) => (
              <p key={href}>
                <a href={href} style={button}>
                  {text}
                </a>
              </p>
            ))}
            {last.map((line) => (
              <p key={line}>{line}</p>
            ))}
            <p>
              <bdi>{chamber.name}</bdi>
              <br />
              <bdi>{chamber.address}</bdi>
            </p>
          </div>
        </body>
      </html>,
    );
  return { subject, text: blocks.join('\n\n') + '\n', html };
}
