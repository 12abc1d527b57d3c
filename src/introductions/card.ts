import { hasContactDetails } from '../common/contact-details.js';
import { localDate } from '../common/clock.js';
import type { Firm } from '../firms/firm.entity.js';
import type { Language } from '../language/language.js';
import { inLanguage, say, sayCode, sayCountry, sayDay, sayQuantity } from '../language/say.js';
import type { Fact } from '../mail/letter.view.js';
import { writeHs } from '../nomenclature/hs.js';
import { nameOf } from '../nomenclature/names.js';
import type { Opportunity } from '../opportunities/opportunity.entity.js';

/** What anybody may know of a firm: never a person, a telephone or an address; a line that holds one all the same is left out. */
export function cardOf(language: Language, firm: Firm): { name: string; facts: Fact[] } {
  const offers = firm.lines.filter((line) => line.side === 'offer' && !hasContactDetails(line.text));
  const goods = [...new Set(offers.flatMap((line) => line.hs))].map((code) => `${nameOf('hs', code, language)} (${writeHs(code)})`);
  const certificates = [...new Set([...firm.certificates, ...offers.flatMap((line) => line.certificates)])];
  const facts: (Fact | false)[] = [
    firm.place !== null && [say(language, 'field.place'), `${firm.place}, ${sayCountry(language, 'PK')}`],
    firm.membershipClass !== null &&
      firm.admittedAt !== null && [
        say(language, 'introduction.card.member'),
        say(language, 'introduction.card.since', {
          membership: sayCode(language, 'membership-class', firm.membershipClass),
          day: sayDay(language, localDate(firm.admittedAt, 'UTC')),
        }),
      ],
    offers.length > 0 && [say(language, 'introduction.card.makes'), offers.map((line) => line.text).join(' · ')],
    goods.length > 0 && [say(language, 'introduction.card.goods'), goods.join(' · ')],
    certificates.length > 0 && [
      say(language, 'introduction.card.certificates'),
      certificates.map((code) => sayCode(language, 'certificate', code)).join(' · '),
    ],
    firm.womenLed && [say(language, 'introduction.card.led'), say(language, 'introduction.card.women')],
  ];
  return { name: firm.name, facts: facts.filter((fact) => fact !== false) };
}

/** What a lead is about, without who is behind it. */
export function leadOf(language: Language, lead: Opportunity): { title: string; facts: Fact[] } {
  const country = sayCountry(language, lead.country);
  const quantity = lead.quantity !== null && lead.unit ? sayQuantity(language, { amount: lead.quantity, unit: lead.unit, period: lead.period }) : null;
  return {
    title: inLanguage(lead.title, language).text,
    facts: [
      [say(language, 'field.kind'), `${sayCode(language, 'kind', lead.kind)} · ${lead.reference}`],
      ...(quantity ? [[say(language, 'fact.quantity'), quantity] as const] : []),
      [say(language, 'fact.place'), lead.place ? say(language, 'fact.place.value', { place: lead.place, country }) : country],
    ],
  };
}

/** The language in which a counterparty is written to. */
export const languageOfCounterparty = (country: string): Language => (['CN', 'HK', 'MO', 'TW'].includes(country) ? 'zh' : 'en');
