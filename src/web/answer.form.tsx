import type { ReactNode } from 'react';
import { localDate } from '../common/clock.js';
import { invalid } from '../common/errors.js';
import { type Answer, ANSWERS } from '../interests/interest.entity.js';
import type { Answers } from '../interests/interests.queries.js';
import type { Answerer, InterestsService } from '../interests/interests.service.js';
import { say, sayCode, sayDay } from '../language/say.js';
import type { Opportunity } from '../opportunities/opportunity.entity.js';
import type { PageContext } from './context.js';
import { type FormBody, one, ticked } from './form.js';
import { Csrf, house } from './layout.js';

/** Which answers stand. */
export const standing = (answers: Answers): Readonly<Record<Answer, boolean>> => ({
  interested: answers.interest !== null,
  'not-for-me': answers.feedback !== null,
  save: answers.savedAt !== null,
});

/** Where answers go: the page of a mailed link, whose address is its own credential, or one of a signed-in firm. */
export interface AnswerPlace {
  readonly address: string;
  /** Forms of signed-in people carry a token. */
  readonly csrf: boolean;
  /** Where a signed-in reader is taken afterwards. */
  readonly back?: string;
}

export interface PlacedProps {
  readonly context: PageContext;
  readonly place: AnswerPlace;
}

export function AnswerForm({
  context,
  place,
  answer,
  undo,
  children,
}: PlacedProps & { readonly answer: Answer; readonly undo?: boolean; readonly children: ReactNode }): ReactNode {
  return (
    <form method="post" action={place.address} noValidate>
      {place.csrf && <Csrf context={context} />}
      <input type="hidden" name="do" value={answer} />
      {undo && <input type="hidden" name="undo" value="yes" />}
      {place.back && <input type="hidden" name="back" value={place.back} />}
      {children}
    </form>
  );
}

/** What a firm has answered to an opportunity, each with the way to take it back. */
export function AnswersGiven({ context, place, answers }: PlacedProps & { readonly answers: Answers }): ReactNode {
  const { language } = context;
  const { interest, feedback } = answers;
  const texts: Readonly<Record<Answer, ReactNode>> = {
    interested: interest && (
      <>
        {say(language, 'interest.stands', { day: sayDay(language, localDate(interest.at, house.zone)) })}
        {interest.sentence && (
          <q className="said">
            <bdi>{interest.sentence}</bdi>
          </q>
        )}
      </>
    ),
    'not-for-me': feedback && (
      <>
        {say(language, 'feedback.stands', { reason: sayCode(language, 'feedback.reason', feedback.reason) })}
        {feedback.text && (
          <q className="said">
            <bdi>{feedback.text}</bdi>
          </q>
        )}
        {(feedback.reason === 'quantity' || feedback.reason === 'too-late') && <small>{say(language, 'feedback.again')}</small>}
      </>
    ),
    save: answers.savedAt && say(language, 'saved.stands'),
  };
  const given = standing(answers);
  return (
    <>
      {ANSWERS.filter((answer) => given[answer]).map((answer) => (
        <div key={answer} className="given">
          <span>{texts[answer]}</span>
          <AnswerForm context={context} place={place} answer={answer} undo>
            <button className="link">{say(language, 'answer.take-back')}</button>
          </AnswerForm>
        </div>
      ))}
    </>
  );
}

/** The answers that an opportunity has not got yet: links to the page that asks for one press; saving needs no more than the press itself. */
export function AnswerButtons({
  context,
  place,
  answers,
  open,
  instead,
}: PlacedProps & { readonly answers: Answers; readonly open: boolean; readonly instead?: Answer | undefined }): ReactNode {
  const { language } = context;
  const given = standing(answers);
  const left = ANSWERS.filter((answer) => answer !== instead && !given[answer] && (open || answer === 'not-for-me'));
  if (!left.length) return null;
  return (
    <div className="answers">
      {instead && <span>{say(language, 'answer.or')}</span>}
      {left.map((answer) =>
        answer === 'save' && place.back ? (
          <AnswerForm key={answer} context={context} place={place} answer={answer}>
            <button className="quiet">{say(language, 'answer.save')}</button>
          </AnswerForm>
        ) : (
          <a key={answer} className="button quiet" href={`${place.address}${place.address.includes('?') ? '&' : '?'}do=${answer}`}>
            {say(language, `answer.${answer}`)}
          </a>
        ),
      )}
    </div>
  );
}

/** Where a signed-in firm answers an opportunity. */
export const placeOfFirm = (opportunity: Pick<Opportunity, 'reference'>, back: string): AnswerPlace => ({
  address: `/firm/answers/${opportunity.reference}`,
  csrf: true,
  back,
});

export const isAnswer = (text: unknown): text is Answer => ANSWERS.includes(text as Answer);

/**
 * Does what a form of {@link AnswerPage} asks for: `do` an answer, or `undo` it.
 * @throws AppError what the service refuses; Invalid for no answer at all
 */
export async function answerAs(interests: InterestsService, by: Answerer, opportunityId: string, body: FormBody): Promise<void> {
  const answer = one(body, 'do');
  if (!isAnswer(answer)) throw invalid('do', 'not-one-of');
  if (ticked(body, 'undo')) await interests.takeBack(by, opportunityId, answer);
  else if (answer === 'interested') await interests.interested(by, opportunityId, { sentence: one(body, 'sentence') });
  else if (answer === 'not-for-me') await interests.notForMe(by, opportunityId, { reason: one(body, 'reason') || undefined, text: one(body, 'text') });
  else await interests.save(by, opportunityId);
}
