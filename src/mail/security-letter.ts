import type { Language } from '../language/language.js';
import { say } from '../language/say.js';
import { drawLetter } from './letter.view.js';

export type SecurityPurpose = 'confirm' | 'already-registered' | 'sign-in';

interface SecurityFacts {
  readonly purpose: SecurityPurpose;
  readonly name: string;
  readonly language: Language;
  readonly chamber: { readonly name: string; readonly address: string };
  readonly link: string;
  readonly code: string;
}

/** Subject and both parts of a mail about confirming or signing in. */
export function securityLetter({ language, purpose, name, link, code, chamber }: SecurityFacts): { subject: string; text: string; html: string } {
  return drawLetter({
    language,
    subject: say(language, `security.${purpose}.subject`, { chamber: chamber.name }),
    greeting: say(language, 'digest.greeting', { name }),
    paragraphs: [say(language, `security.${purpose}.text`, { chamber: chamber.name })],
    cards: [],
    rules: null,
    actions: [{ text: say(language, `security.${purpose}.action`), href: link }],
    last: [...(purpose === 'confirm' ? [say(language, 'security.confirm.code', { code })] : []), say(language, 'security.not-you')],
    chamber,
  });
}
