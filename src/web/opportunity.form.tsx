import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import { LANGUAGES } from '../language/language.js';
import { NATIVE_NAME, say, sayCode, tagOf } from '../language/say.js';
import { saySector } from '../matching/explain.js';
import { CERTIFICATES } from '../nomenclature/certificates.js';
import { writeHs } from '../nomenclature/hs.js';
import type { Suggested } from '../nomenclature/nomenclature.service.js';
import { PERIODS, UNITS } from '../nomenclature/units.js';
import type { Opportunity } from '../opportunities/opportunity.entity.js';
import { OPPORTUNITY_KINDS } from '../statement/kinds.js';
import { entriesOf } from '../statement/statement.js';
import type { PageContext } from './context.js';
import { amount, codes, type FormBody, given, many, one } from './form.js';
import { Choice, Csrf, Errors, Field, Layout, Ticks } from './layout.js';
import { countryOptions } from './public.views.js';

const MONTHS = Array.from({ length: 12 }, (_, i) => i + 1);

interface OpportunityFormProps {
  readonly context: PageContext;
  readonly action: string;
  readonly body: FormBody;
  readonly issues: readonly Issue[];
  /** Likely codes for its title, while it has none. */
  readonly suggestions: readonly Suggested[];
}

export function OpportunityFormPage({ context, action, body, issues, suggestions }: OpportunityFormProps): ReactNode {
  const { language } = context;
  const values = Object.fromEntries(Object.keys(body).map((name) => [name, one(body, name)]));
  const entries = (kind: 'sector' | 'corridor' | 'platform' | 'instrument') =>
    entriesOf(kind).map((entry) => [entry.code, saySector(language, entry.code)] as const);
  return (
    <Layout context={context} title={say(language, action.endsWith('/new') ? 'desk.new-opportunity' : 'desk.edit-opportunity')}>
      <Errors context={context} issues={issues} />
      <form method="post" action={action} noValidate>
        <Csrf context={context} />
        <Choice
          context={context}
          name="kind"
          value={values['kind']}
          options={OPPORTUNITY_KINDS.map((kind) => [kind, sayCode(language, 'kind', kind)] as const)}
        />
        {LANGUAGES.map((code) => (
          <fieldset key={code} lang={tagOf(code)}>
            <legend>{NATIVE_NAME[code]}</legend>
            <Field context={context} name={`title.${code}`} label={say(language, 'field.title')} values={values} maxLength={120} />
            <Field context={context} name={`summary.${code}`} label={say(language, 'field.summary')} values={values} rows={3} maxLength={1500} />
          </fieldset>
        ))}
        {suggestions.length > 0 && (
          <>
            <input type="hidden" name="suggested" value="yes" />
            <Ticks
              name="picks"
              legend={say(language, 'suggest.title')}
              chosen={many(body, 'picks')}
              options={suggestions.map(
                ({ system, code, name }) => [`${system}:${code}`, `${name} (${system === 'hs' ? writeHs(code) : `ISIC ${code}`})`] as const,
              )}
            />
          </>
        )}
        <Field context={context} name="hs" values={values} ltr hint="line.hs.hint" />
        <Field context={context} name="isic" values={values} ltr />
        <Ticks name="sectors" legend={say(language, 'field.sectors')} chosen={many(body, 'sectors')} options={entries('sector')} />
        <details>
          <summary>{say(language, 'desk.more-fields')}</summary>
          {(['corridor', 'platform', 'instrument'] as const).map((kind) => (
            <Ticks key={kind} name={`${kind}s`} legend={say(language, `statement.${kind}s`)} chosen={many(body, `${kind}s`)} options={entries(kind)} />
          ))}
          <Ticks
            name="certificates"
            legend={say(language, 'opportunity.certificates')}
            chosen={many(body, 'certificates')}
            options={CERTIFICATES.map((code) => [code, sayCode(language, 'certificate', code)] as const)}
          />
          <Ticks
            compact
            name="deliveryMonths"
            legend={say(language, 'field.deliveryMonths')}
            chosen={many(body, 'deliveryMonths')}
            options={MONTHS.map(
              (month) => [String(month), new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2025, month - 1))] as const,
            )}
          />
        </details>
        <div className="row">
          <Field context={context} name="quantity" values={values} ltr />
          <Choice
            context={context}
            name="unit"
            label={say(language, 'line.unit')}
            value={values['unit']}
            options={UNITS.map((unit) => [unit, sayCode(language, 'unit-name', unit)] as const)}
          />
          <Choice
            context={context}
            name="period"
            label={say(language, 'line.period')}
            value={values['period']}
            options={[['', say(language, 'period.once')] as const, ...PERIODS.map((period) => [period, sayCode(language, 'period', period)] as const)]}
          />
        </div>
        <Field context={context} name="valueUsd" values={values} ltr />
        <Choice context={context} name="country" value={values['country'] ?? 'CN'} options={countryOptions(context)} />
        <Field context={context} name="place" values={values} />
        <Field context={context} name="deadline" values={values} type="date" ltr hint="field.deadline.hint" />
        <fieldset>
          <legend>{say(language, 'desk.counterparty')}</legend>
          <p className="hint">{say(language, 'desk.counterparty.hint')}</p>
          <Field context={context} name="counterparty" values={values} required />
          <Field context={context} name="counterpartyEmail" values={values} type="email" ltr />
          <Field context={context} name="counterpartyPhone" values={values} type="tel" ltr />
          <Field context={context} name="source" values={values} />
        </fieldset>
        <button>{say(language, 'save')}</button>
      </form>
    </Layout>
  );
}

/** The form's fields as the input that `opportunitySchema` takes. */
export function opportunityOf(body: FormBody) {
  const texts = (name: string) => Object.fromEntries(LANGUAGES.map((code) => [code, one(body, `${name}.${code}`)]));
  const picked = (system: string) => many(body, 'picks').flatMap((pick) => (pick.startsWith(`${system}:`) ? [pick.slice(system.length + 1)] : []));
  const quantity = amount(one(body, 'quantity'));
  const period = given(body, 'period');
  const value = amount(one(body, 'valueUsd'));
  return {
    kind: one(body, 'kind'),
    title: texts('title'),
    summary: texts('summary'),
    hs: [...codes(one(body, 'hs')), ...picked('hs')],
    isic: [...codes(one(body, 'isic')), ...picked('isic')],
    sectors: many(body, 'sectors'),
    corridors: many(body, 'corridors'),
    platforms: many(body, 'platforms'),
    instruments: many(body, 'instruments'),
    certificates: many(body, 'certificates'),
    deliveryMonths: many(body, 'deliveryMonths').map(Number),
    ...(quantity === undefined ? {} : { quantity: { amount: quantity, unit: one(body, 'unit'), ...(period ? { period } : {}) } }),
    ...(value === undefined ? {} : { valueUsd: value }),
    country: one(body, 'country'),
    place: one(body, 'place'),
    deadline: one(body, 'deadline'),
    counterparty: one(body, 'counterparty'),
    counterpartyEmail: one(body, 'counterpartyEmail'),
    counterpartyPhone: one(body, 'counterpartyPhone'),
    source: one(body, 'source'),
  };
}

/** A stored lead as the form shows it. */
export function bodyOfOpportunity(lead: Opportunity): FormBody {
  const texts = (name: 'title' | 'summary') => Object.fromEntries(LANGUAGES.map((code) => [`${name}.${code}`, lead[name][code] ?? '']));
  return {
    kind: lead.kind,
    ...texts('title'),
    ...texts('summary'),
    hs: lead.hs.map(writeHs).join(', '),
    isic: lead.isic.join(', '),
    sectors: lead.sectors,
    corridors: lead.corridors,
    platforms: lead.platforms,
    instruments: lead.instruments,
    certificates: lead.certificates,
    deliveryMonths: lead.deliveryMonths.map(String),
    quantity: lead.quantity === null ? '' : String(lead.quantity),
    unit: lead.unit ?? '',
    period: lead.period ?? '',
    valueUsd: lead.valueUsd === null ? '' : String(lead.valueUsd),
    country: lead.country,
    place: lead.place ?? '',
    deadline: lead.deadline ?? '',
    counterparty: lead.counterparty,
    counterpartyEmail: lead.counterpartyEmail ?? '',
    counterpartyPhone: lead.counterpartyPhone ?? '',
    source: lead.source ?? '',
  };
}
