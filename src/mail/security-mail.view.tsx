import type { CSSProperties } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Language } from '../language/language.js';
import { dirOf, say, tagOf } from '../language/say.js';

export type SecurityPurpose = 'confirm' | 'already-registered' | 'sign-in';

interface SecurityMailFacts {
  readonly purpose: SecurityPurpose;
  readonly name: string;
  readonly language: Language;
  readonly chamber: { readonly name: string; readonly address: string };
  readonly link: string;
  readonly code: string;
}

const body: CSSProperties = {
  fontFamily: "Arial, 'Noto Nastaliq Urdu', 'Noto Naskh Arabic', 'Microsoft YaHei', sans-serif",
  fontSize: 16,
  lineHeight: 1.8,
  color: '#1c2b25',
};
const button: CSSProperties = {
  display: 'inline-block',
  padding: '10px 20px',
  backgroundColor: '#0b5d3b',
  color: '#fdfefd',
  textDecoration: 'none',
  borderRadius: 6,
};

/** Subject and both parts of a mail about confirming or signing in. */
export function securityMailView(facts: SecurityMailFacts): { subject: string; text: string; html: string } {
  const { language, purpose, link, chamber } = facts;
  const subject = say(language, `security.${purpose}.subject`, { chamber: chamber.name });
  const paragraphs = [say(language, 'digest.greeting', { name: facts.name }), say(language, `security.${purpose}.text`, { chamber: chamber.name })];
  const action = say(language, `security.${purpose}.action`);
  const code = purpose === 'confirm' ? say(language, 'security.confirm.code', { code: facts.code }) : '';
  const last = say(language, 'security.not-you');
  const text = [...paragraphs, '', `${action}: ${link}`, code, '', last, '', chamber.name, chamber.address].join('\n') + '\n';
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
            {paragraphs.map((p) => (
              <p key={p}>{p}</p>
            ))}
            <p>
              <a href={link} style={button}>
                {action}
              </a>
            </p>
            {code && <p>{code}</p>}
            <p>{last}</p>
            <p>
              <bdi>{chamber.name}</bdi>
              <br />
              <bdi>{chamber.address}</bdi>
            </p>
          </div>
        </body>
      </html>,
    );
  return { subject, text, html };
}
