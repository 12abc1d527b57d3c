import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import type { Fewer } from '../digests/fewer.js';
import type { Cadence } from '../digests/window.js';
import { type Answer, FEEDBACK_REASONS } from '../interests/interest.entity.js';
import type { Answers } from '../interests/interests.queries.js';
import type { AnsweredOpportunity } from '../interests/interests.service.js';
import type { AnswerRecord } from '../introductions/introductions.queries.js';
import type { Proposal } from '../interests/proposals.js';
import { say, sayCode, sayCountry } from '../language/say.js';
import { writeHs } from '../nomenclature/hs.js';
import { nameOf } from '../nomenclature/names.js';
import type { Opportunity } from '../opportunities/opportunity.entity.js';
import { AnswerButtons, AnswerForm, AnswersGiven, placeOfFirm, type PlacedProps, standing } from './answer.form.js';
import type { PageContext } from './context.js';
import { type FormBody, kept, one } from './form.js';
import { Csrf, Errors, Field, Layout } from './layout.js';
import { sayRecord } from './introductions.views.js';
import { OpportunityCard } from './public.views.js';
import { FirmTabs } from './tabs.js';

/** What an answer is called in the catalogues: its title, what it will do, its button, what it did. */
const WORDS = { interested: 'interest', 'not-for-me': 'feedback', save: 'saved' } as const satisfies Record<Answer, string>;

interface AnswerPageProps extends PlacedProps {
  readonly opportunity: Opportunity;
  readonly firm: string;
  readonly answers: Answers;
  readonly open: boolean;
  /** How the other side has answered so far: to be known before effort is spent. */
  readonly record: AnswerRecord;
  /** The answer that is asked for. */
  readonly asked: Answer | undefined;
  /** What has just been done. */
  readonly done?: Answer | 'taken-back' | undefined;
  readonly body: FormBody;
  readonly issues: readonly Issue[];
}

/** One opportunity, what pressing the button will do, and the button. Nothing is done before it is pressed: mail scanners open links. */
export function AnswerPage({ context, place, opportunity, firm, answers, open, record, asked, done, body, issues }: AnswerPageProps): ReactNode {
  const { language } = context;
  const ask = asked && !standing(answers)[asked] && (open || asked === 'not-for-me') ? asked : undefined;
  const title = ask ? say(language, `${WORDS[ask]}.title`) : say(language, 'answer.title');
  return (
    <Layout context={context} title={title}>
      {done && (
        <p className="notice good" role="status">
          {done === 'taken-back' ? say(language, 'answer.taken-back') : say(language, `${WORDS[done]}.done`)}
        </p>
      )}
      {!open && <p className="notice">{say(language, 'answer.closed')}</p>}
      <div className="card">
        <OpportunityCard context={context} lead={opportunity} href={open ? `/opportunities/${opportunity.reference}` : undefined} />
      </div>
      <AnswersGiven context={context} place={place} answers={answers} />
      <Errors context={context} issues={issues} />
      {ask && (
        <AnswerForm context={context} place={place} answer={ask}>
          {ask === 'not-for-me' && (
            <fieldset className="ticks">
              <legend>{say(language, 'feedback.legend')}</legend>
              {FEEDBACK_REASONS.map((reason) => (
                <label key={reason}>
                  <input type="radio" name="reason" value={reason} required defaultChecked={one(body, 'reason') === reason} />{' '}
                  <span>{sayCode(language, 'feedback.reason', reason)}</span>
                </label>
              ))}
            </fieldset>
          )}
          {ask === 'not-for-me' && <Field context={context} name="text" values={kept(body)} maxLength={300} />}
          {ask === 'interested' && <p className="quiet">{sayRecord(language, record)}</p>}
          {ask === 'interested' && <Field context={context} name="sentence" values={kept(body)} rows={3} maxLength={500} hint="interest.sentence.hint" />}
          <p>{say(language, `${WORDS[ask]}.will`, { firm })}</p>
          <button className="big">{say(language, `${WORDS[ask]}.button`)}</button>
        </AnswerForm>
      )}
      <AnswerButtons context={context} place={place} answers={answers} open={open} instead={ask} />
      <p>
        <a href="/firm">{say(language, 'answer.matches')}</a>
      </p>
    </Layout>
  );
}

interface ButtonPageProps {
  readonly context: PageContext;
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly button: string;
  readonly others: readonly { readonly href: string; readonly text: string }[];
}

/** Behind a link that stops mails: what it will do, and one button. */
export function ButtonPage({ context, title, text, action, button, others }: ButtonPageProps): ReactNode {
  return (
    <Layout context={context} title={title}>
      <p>{text}</p>
      <form method="post" action={action}>
        <button className="big">{button}</button>
      </form>
      <Others context={context} others={others} />
    </Layout>
  );
}

function Others({ context, others }: Pick<ButtonPageProps, 'context' | 'others'>): ReactNode {
  return (
    <div className="answers">
      <span>{say(context.language, 'answer.or')}</span>
      {others.map(({ href, text }) => (
        <a key={href} className="button quiet" href={href}>
          {text}
        </a>
      ))}
    </div>
  );
}

interface FewerPageProps {
  readonly context: PageContext;
  readonly action: string;
  readonly now: { readonly cadence: Cadence; readonly threshold: number };
  readonly fewer: Fewer;
  readonly done: boolean;
  readonly others: ButtonPageProps['others'];
}

/** Less often, or closer matches only: a button each. */
export function FewerPage({ context, action, now, fewer, done, others }: FewerPageProps): ReactNode {
  const { language } = context;
  const values = { cadence: sayCode(language, 'cadence', now.cadence), threshold: now.threshold };
  return (
    <Layout context={context} title={say(language, 'answer.fewer.title')}>
      {done ? (
        <p className="notice good" role="status">
          {say(language, 'answer.fewer.done', values)}
        </p>
      ) : (
        <p>{say(language, 'answer.fewer.now', values)}</p>
      )}
      {fewer.cadence && (
        <form method="post" action={action}>
          <button className="big" name="cadence" value={fewer.cadence}>
            {say(language, 'answer.fewer.cadence', { cadence: sayCode(language, 'cadence', fewer.cadence) })}
          </button>
        </form>
      )}
      {fewer.threshold && (
        <form method="post" action={action}>
          <button className="big quiet" name="threshold" value={fewer.threshold}>
            {say(language, 'answer.fewer.threshold', { threshold: fewer.threshold })}
          </button>
        </form>
      )}
      <Others context={context} others={others} />
    </Layout>
  );
}

/** What a firm's answers suggest about its settings: yes changes that one, no is remembered. */
export function Proposals({ context, proposals }: { readonly context: PageContext; readonly proposals: readonly Proposal[] }): ReactNode {
  const { language } = context;
  return (
    <>
      {proposals.map((proposal) => (
        <div key={proposal.key} className="notice proposal">
          <h2>{say(language, 'feedback.propose.title')}</h2>
          <p>{sayProposal(context, proposal)}</p>
          <form method="post" action="/firm/proposals" className="answers">
            <Csrf context={context} />
            <input type="hidden" name="key" value={proposal.key} />
            {proposal.kind === 'state-capacity' ? (
              <a className="button" href="/firm/profile">
                {say(language, 'feedback.accept.state-capacity')}
              </a>
            ) : (
              <button name="decision" value="accept">
                {say(language, `feedback.accept.${proposal.kind}`)}
              </button>
            )}
            <button className="quiet" name="decision" value="dismiss">
              {say(language, 'feedback.dismiss')}
            </button>
          </form>
        </div>
      ))}
    </>
  );
}

function sayProposal({ language }: PageContext, proposal: Proposal): string {
  const { count } = proposal;
  switch (proposal.kind) {
    case 'exclude-country':
      return say(language, 'feedback.propose.exclude-country', { count, country: sayCountry(language, proposal.country) });
    case 'remove-hs':
      return say(language, 'feedback.propose.remove-hs', { count, code: writeHs(proposal.hs), name: nameOf('hs', proposal.hs, language) });
    case 'state-capacity':
      return say(language, 'feedback.propose.state-capacity', { count, line: proposal.line });
  }
}

interface SavedPageProps {
  readonly context: PageContext;
  readonly answered: readonly AnsweredOpportunity[];
  readonly isOpen: (opportunity: Opportunity) => boolean;
  readonly next: string | null;
}

/** Everything a firm has answered: saved ones by their last day, then those it is interested in, then those that are not for it. */
export function SavedPage({ context, answered, isOpen, next }: SavedPageProps): ReactNode {
  const { language } = context;
  const saved = answered.filter(({ answers }) => answers.savedAt);
  saved.sort((a, b) => (a.opportunity.openUntil ?? '').localeCompare(b.opportunity.openUntil ?? ''));
  const others = answered.filter(({ answers }) => !answers.savedAt);
  const groups = [
    ['saved.list.interested', others.filter(({ answers }) => answers.interest)],
    ['saved.list.not-for-me', others.filter(({ answers }) => answers.feedback)],
  ] as const;
  return (
    <Layout context={context} title={say(language, 'saved.list')}>
      <FirmTabs context={context} here="/firm/saved" />
      {saved.length ? <AnsweredList context={context} answered={saved} isOpen={isOpen} /> : <p>{say(language, 'saved.none')}</p>}
      {groups.map(
        ([key, members]) =>
          members.length > 0 && (
            <section key={key}>
              <h2>{say(language, key)}</h2>
              <AnsweredList context={context} answered={members} isOpen={isOpen} />
            </section>
          ),
      )}
      {next && (
        <p>
          <a className="button quiet" href={`/firm/saved?after=${encodeURIComponent(next)}`}>
            {say(language, 'page.next')}
          </a>
        </p>
      )}
      <p>
        <a href="/firm">{say(language, 'answer.matches')}</a>
      </p>
    </Layout>
  );
}

function AnsweredList({ context, answered, isOpen }: Omit<SavedPageProps, 'next'>): ReactNode {
  return (
    <ul className="cards">
      {answered.map(({ opportunity, answers }) => {
        const open = isOpen(opportunity);
        const place = placeOfFirm(opportunity, '/firm/saved');
        return (
          <li key={opportunity.id} id={opportunity.reference} className={answers.feedback ? 'dim' : undefined}>
            <OpportunityCard context={context} lead={opportunity} href={open ? `/opportunities/${opportunity.reference}` : undefined} />
            {!open && <p>{say(context.language, 'answer.closed')}</p>}
            <AnswersGiven context={context} place={place} answers={answers} />
            {!answers.feedback && <AnswerButtons context={context} place={place} answers={answers} open={open} />}
          </li>
        );
      })}
    </ul>
  );
}
