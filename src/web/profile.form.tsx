import type { ReactNode } from 'react';
import type { Firm, FirmLine, Side } from '../firms/firm.entity.js';
import type { Language } from '../language/language.js';
import { say, sayCode, sayCountry } from '../language/say.js';
import { saySector } from '../matching/explain.js';
import { CERTIFICATES } from '../nomenclature/certificates.js';
import { writeHs } from '../nomenclature/hs.js';
import { nameOf } from '../nomenclature/names.js';
import type { Suggested } from '../nomenclature/nomenclature.service.js';
import { PERIODS, UNITS } from '../nomenclature/units.js';
import { OPPORTUNITY_KINDS } from '../statement/kinds.js';
import { entriesOf } from '../statement/statement.js';
import type { PageContext } from './context.js';
import { amount, codes, type FormBody, many, one, ticked } from './form.js';
import { Choice, Field, Tick, Ticks } from './layout.js';

/** Kinds that a firm asks for beside trading its goods. */
const SEEKABLE = OPPORTUNITY_KINDS.filter((kind) => !['buy_request', 'sell_offer'].includes(kind));
const MONTHS = Array.from({ length: 12 }, (_, i) => i + 1);

interface Props {
  readonly context: PageContext;
  readonly body: FormBody;
  /** How many lines of each side the form offers. */
  readonly rows: { readonly offer: number; readonly need: number };
  /** Capacity, season and codes of services too: for the profile, not for the first registration. */
  readonly whole: boolean;
  readonly suggestions?: Suggestions;
  /** Countries to choose from, where the whole profile is asked for. */
  readonly countries?: readonly (readonly [code: string, name: string])[];
}

/** What a firm says of itself, as form fields; {@link profileOf} reads them back. */
export function ProfileFields({ context, body, rows, whole, suggestions = {}, countries = [] }: Props): ReactNode {
  const { language } = context;
  const values = Object.fromEntries(Object.keys(body).map((name) => [name, one(body, name)]));
  const lines = (side: Side) =>
    Array.from({ length: rows[side] }, (_, i) => (
      <LineFields
        key={i}
        context={context}
        name={`${side}s.${i}`}
        values={values}
        body={body}
        whole={whole}
        first={i === 0}
        side={side}
        suggestions={suggestions}
      />
    ));
  return (
    <>
      <fieldset>
        <legend>{say(language, 'profile.offers')}</legend>
        <p className="hint">{say(language, 'profile.offers.hint')}</p>
        {lines('offer')}
      </fieldset>
      <fieldset>
        <legend>{say(language, 'profile.needs')}</legend>
        <p className="hint">{say(language, 'profile.needs.hint')}</p>
        {lines('need')}
      </fieldset>
      <Ticks
        name="seeks"
        legend={say(language, 'profile.seeks')}
        chosen={many(body, 'seeks')}
        options={SEEKABLE.map((kind) => [kind, sayCode(language, 'kind', kind)] as const)}
      />
      {whole && (
        <>
          <Ticks
            name="sectors"
            legend={say(language, 'profile.sectors')}
            chosen={many(body, 'sectors')}
            options={entriesOf('sector').map((entry) => [entry.code, saySector(language, entry.code)] as const)}
          />
          <Ticks
            name="certificates"
            legend={say(language, 'profile.certificates')}
            chosen={many(body, 'certificates')}
            options={CERTIFICATES.map((code) => [code, sayCode(language, 'certificate', code)] as const)}
          />
          <Countries context={context} name="markets" legend={say(language, 'profile.markets')} body={body} countries={countries} />
          <Countries context={context} name="excludedCountries" legend={say(language, 'profile.excludedCountries')} body={body} countries={countries} />
          <input type="hidden" name="excludedKinds" value="" />
          <Ticks
            name="excludedKinds"
            legend={say(language, 'profile.excludedKinds')}
            chosen={many(body, 'excludedKinds')}
            options={OPPORTUNITY_KINDS.map((kind) => [kind, sayCode(language, 'kind', kind)] as const)}
          />
          <Field context={context} name="excludedWords" label={say(language, 'profile.excludedWords')} hint="profile.excludedWords.hint" values={values} />
        </>
      )}
      <Field context={context} name="place" values={values} autoComplete="address-level2" maxLength={80} />
      <Field context={context} name="phone" values={values} type="tel" autoComplete="tel" ltr hint="field.phone.hint" />
      <Field context={context} name="whatsapp" values={values} type="tel" ltr />
      {whole && <Field context={context} name="about" values={values} rows={3} maxLength={1000} />}
      <Tick name="womenLed" text={say(language, 'field.womenLed')} checked={ticked(body, 'womenLed')} />
    </>
  );
}

/** Countries that were chosen, to be unticked, and one more to choose. */
function Countries({
  context,
  name,
  legend,
  body,
  countries,
}: {
  context: PageContext;
  name: string;
  legend: string;
  body: FormBody;
  countries: readonly (readonly [code: string, name: string])[];
}): ReactNode {
  const { language } = context;
  const chosen = codesIn(body, name);
  return (
    <fieldset className="ticks" id={`f-${name}`}>
      <legend>{legend}</legend>
      {chosen.map((code) => (
        <label key={code}>
          <input type="checkbox" name={name} value={code} defaultChecked /> <span>{/^[A-Z]{2}$/.test(code) ? sayCountry(language, code) : code}</span>
        </label>
      ))}
      <label>
        {say(language, 'profile.country.add')}
        <select name={name} defaultValue="">
          <option value="">–</option>
          {countries
            .filter(([code]) => !chosen.includes(code))
            .map(([code, country]) => (
              <option key={code} value={code}>
                {country}
              </option>
            ))}
        </select>
      </label>
    </fieldset>
  );
}

/** Codes of a field that is sent several times, empty ones left out. */
const codesIn = (body: FormBody, name: string): string[] => [...new Set(many(body, name).flatMap(codes))];
/** Words of a field, separated by commas of any script. */
const wordsIn = (body: FormBody, name: string): string[] =>
  one(body, name)
    .split(/[,;،؛、，；\n]/)
    .map((word) => word.trim())
    .filter(Boolean);

interface LineProps {
  readonly context: PageContext;
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  readonly body: FormBody;
  readonly whole: boolean;
  readonly first: boolean;
  readonly side: Side;
  readonly suggestions: Suggestions;
}

function LineFields({ context, name, values, body, whole, first, side, suggestions }: LineProps): ReactNode {
  const { language } = context;
  return (
    <div className="line" id={values['added'] === name ? 'f-added' : undefined}>
      <Field
        context={context}
        name={`${name}.text`}
        values={values}
        label={say(language, `line.${side}`)}
        maxLength={300}
        hint={first ? `line.${side}.hint` : undefined}
      />
      <SuggestionChoice context={context} line={name} body={body} suggestions={suggestions} />
      <details open={Boolean(values[`${name}.hs`])}>
        <summary>{say(language, 'line.more')}</summary>
        <Field context={context} name={`${name}.hs`} values={values} label={say(language, 'line.hs')} hint="line.hs.hint" ltr />
        {whole && (
          <>
            <Field context={context} name={`${name}.isic`} values={values} label={say(language, 'line.isic')} ltr />
            <div className="row">
              <Field context={context} name={`${name}.amount`} values={values} label={say(language, 'line.capacity')} ltr />
              <Choice
                context={context}
                name={`${name}.unit`}
                label={say(language, 'line.unit')}
                value={values[`${name}.unit`]}
                options={UNITS.map((unit) => [unit, sayCode(language, 'unit-name', unit)] as const)}
              />
              <Choice
                context={context}
                name={`${name}.period`}
                label={say(language, 'line.period')}
                value={values[`${name}.period`]}
                options={PERIODS.map((period) => [period, sayCode(language, 'period', period)] as const)}
              />
            </div>
            <Ticks
              compact
              name={`${name}.months`}
              legend={say(language, 'line.months')}
              chosen={many(body, `${name}.months`)}
              options={MONTHS.map(
                (month) => [String(month), new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2025, month - 1))] as const,
              )}
            />
            {many(body, `${name}.certificates`).map((code) => (
              <input key={code} type="hidden" name={`${name}.certificates`} value={code} />
            ))}
          </>
        )}
      </details>
    </div>
  );
}

/** Suggestions by the name of the line's fields, `offers.0`. */
export type Suggestions = Readonly<Record<string, readonly Suggested[]>>;

/** Names of the lines that have words but no code. */
export const linesToAsk = (body: FormBody): string[] =>
  Object.keys(body).flatMap((name) => {
    const line = /^((?:offers|needs)\.\d{1,2})\.text$/.exec(name)?.[1];
    return line && one(body, name).trim() && !one(body, `${line}.hs`).trim() && !one(body, `${line}.isic`).trim() ? [line] : [];
  });

/** Which of the likeliest codes a line means; leaving it open is an answer too. */
export function SuggestionChoice({
  context,
  line,
  body,
  suggestions,
}: {
  context: PageContext;
  line: string;
  body: FormBody;
  suggestions: Suggestions;
}): ReactNode {
  const { language } = context;
  const found = suggestions[line] ?? [];
  if (!found.length) return null;
  const chosen = one(body, `${line}.pick`);
  return (
    <fieldset className="ticks one">
      <legend>{say(language, 'suggest.title-of', { text: one(body, `${line}.text`) })}</legend>
      {found.map(({ system, code, name }) => (
        <label key={system + code}>
          <input type="radio" name={`${line}.pick`} value={`${system}:${code}`} defaultChecked={chosen === `${system}:${code}`} />{' '}
          <span>
            {name} <bdi className="quiet">{system === 'hs' ? writeHs(code) : `ISIC ${code}`}</bdi>
          </span>
        </label>
      ))}
      <label>
        <input type="radio" name={`${line}.pick`} value="" defaultChecked={!found.some(({ system, code }) => chosen === `${system}:${code}`)} />{' '}
        <span>{say(language, 'suggest.none')}</span>
      </label>
    </fieldset>
  );
}

/** The form's fields as the input that `profileSchema` takes; lines without words are left out. */
export function profileOf(body: FormBody) {
  return {
    place: one(body, 'place'),
    about: one(body, 'about'),
    phone: one(body, 'phone'),
    whatsapp: one(body, 'whatsapp'),
    womenLed: ticked(body, 'womenLed'),
    offers: linesOf(body, 'offers'),
    needs: linesOf(body, 'needs'),
    seeks: many(body, 'seeks'),
    sectors: many(body, 'sectors'),
    certificates: many(body, 'certificates'),
    // what a form does not ask for it does not change
    ...(body['markets'] === undefined ? {} : { markets: codesIn(body, 'markets') }),
    ...(body['excludedCountries'] === undefined ? {} : { excludedCountries: codesIn(body, 'excludedCountries') }),
    ...(body['excludedKinds'] === undefined ? {} : { excludedKinds: many(body, 'excludedKinds').filter(Boolean) }),
    ...(body['excludedWords'] === undefined ? {} : { excludedWords: wordsIn(body, 'excludedWords') }),
  };
}

function linesOf(body: FormBody, side: 'offers' | 'needs') {
  const rows = Object.keys(body).flatMap((name) => (new RegExp(`^${side}\\.(\\d{1,2})\\.text$`).exec(name)?.[1] ? [name.slice(0, -5)] : []));
  return rows
    .filter((row) => one(body, `${row}.text`).trim() !== '')
    .map((row) => {
      const size = amount(one(body, `${row}.amount`));
      const [system, code = ''] = one(body, `${row}.pick`).split(':');
      return {
        text: one(body, `${row}.text`),
        hs: [...codes(one(body, `${row}.hs`)), ...(system === 'hs' ? [code] : [])],
        isic: [...codes(one(body, `${row}.isic`)), ...(system === 'isic' ? [code] : [])],
        months: many(body, `${row}.months`).map(Number),
        certificates: many(body, `${row}.certificates`),
        ...(size === undefined ? {} : { capacity: { amount: size, unit: one(body, `${row}.unit`), period: one(body, `${row}.period`) } }),
      };
    });
}

/** A line that was suggested, `offer.hs.090421`, put behind the others by its name and code. Anything else leaves the form as it is. */
export function withLine(body: FormBody, add: unknown, language: Language): FormBody {
  const [, side, system, code = ''] = /^(offer|need)\.(hs|isic)\.(\d{2,6})$/.exec(typeof add === 'string' ? add : '') ?? [];
  if (!side || (system !== 'hs' && system !== 'isic')) return body;
  const line = `${side}s.${Object.keys(body).filter((name) => name.startsWith(`${side}s.`) && name.endsWith('.text')).length}`;
  return { ...body, [`${line}.text`]: nameOf(system, code, language), [`${line}.${system}`]: system === 'hs' ? writeHs(code) : code, added: line };
}

/** A stored profile as the form shows it. */
export function bodyOf(firm: Firm): FormBody {
  const fields: Record<string, string | string[]> = {
    place: firm.place ?? '',
    about: firm.about,
    phone: firm.phone ?? '',
    whatsapp: firm.whatsapp ?? '',
    womenLed: firm.womenLed ? 'yes' : '',
    seeks: firm.seeks,
    sectors: firm.sectors,
    certificates: firm.certificates,
    markets: firm.markets,
    excludedCountries: firm.excludedCountries,
    excludedKinds: firm.excludedKinds,
    excludedWords: firm.excludedWords.join(', '),
  };
  for (const side of ['offer', 'need'] as const) {
    firm.lines.filter((line) => line.side === side).forEach((line, i) => Object.assign(fields, lineBody(`${side}s.${i}`, line)));
  }
  return fields;
}

function lineBody(name: string, line: FirmLine): Record<string, string | string[]> {
  return {
    [`${name}.text`]: line.text,
    [`${name}.hs`]: line.hs.map(writeHs).join(', '),
    [`${name}.isic`]: line.isic.join(', '),
    [`${name}.amount`]: line.capacity === null ? '' : String(line.capacity),
    [`${name}.unit`]: line.unit ?? '',
    [`${name}.period`]: line.period ?? '',
    [`${name}.months`]: line.months.map(String),
    [`${name}.certificates`]: line.certificates,
  };
}
