import type { ReactNode } from 'react';
import { say, sayNumber } from '../language/say.js';
import { sayAccount, sayBlocker, sayBrings, sayEvidence } from '../matching/explain.js';
import type { Missed, Preview } from '../matching/matching.service.js';
import type { Pool } from '../matching/pools.js';
import { writeHs } from '../nomenclature/hs.js';
import { nameOf } from '../nomenclature/names.js';
import type { PageContext } from './context.js';
import { ProposeForm } from './introductions.views.js';

export type Names = ReadonlyMap<string, string>;

/** Whom an unpublished lead would reach, or whom nearly and what they lack. */
export function PreviewSection({ context, preview, names }: { context: PageContext; preview: Preview | null; names: Names }): ReactNode {
  const { language } = context;
  return (
    <section id="preview">
      <h2>{say(language, 'preview.title')}</h2>
      {preview === null ? (
        <p>{say(language, 'preview.preparing')}</p>
      ) : (
        <>
          <p>{say(language, 'preview.count', { matched: preview.matched, mailed: preview.mailed })}</p>
          <ul className="rows">
            {preview.best.map(({ firmId, score, evidence, blockers }) => (
              <li key={firmId}>
                <strong>{sayNumber(language, Math.round(score))}</strong> <FirmLink id={firmId} names={names} />{' '}
                <span className="quiet">{evidence.map((one) => sayEvidence(language, one)).join(' · ')}</span>
                {blockers.map((blocker) => {
                  const { gap } = sayBlocker(language, blocker);
                  return (
                    <p key={gap} className="gap">
                      {gap}
                    </p>
                  );
                })}
              </li>
            ))}
          </ul>
          <Nearest context={context} nearest={preview.nearest} names={names} />
          <Pools context={context} pools={preview.pools} names={names} />
        </>
      )}
    </section>
  );
}

/** Whom it nearly reaches, and what each lacks: the one change that would do, else every rule that falls short. */
function Nearest({ context, nearest, names }: { context: PageContext; nearest: readonly Missed[]; names: Names }): ReactNode {
  const { language } = context;
  if (!nearest.length) return null;
  return (
    <>
      <h3>{say(language, 'preview.nearest')}</h3>
      <ul className="rows">
        {nearest.map(({ firmId, account, brings }) => {
          const { score, shut, rules, blockers } = sayAccount(language, account);
          const lacks = [shut, ...blockers.map(({ gap }) => gap), ...rules.map(({ short }) => short)].filter((text) => text !== undefined);
          return (
            <li key={firmId}>
              <strong>{sayNumber(language, score)}</strong> <FirmLink id={firmId} names={names} />
              {brings ? (
                <p>{sayBrings(language, brings)}</p>
              ) : (
                lacks.map((text) => (
                  <p key={text} className="quiet">
                    {text}
                  </p>
                ))
              )}
            </li>
          );
        })}
      </ul>
      <p className="hint">{say(language, 'why.desk.hint')}</p>
    </>
  );
}

/** Firms that together can supply what none of them can alone. */
export function Pools({
  context,
  pools,
  names,
  opportunityId,
}: {
  context: PageContext;
  pools: readonly Pool[];
  names: Names;
  /** Where one may be proposed to its firms. */
  opportunityId?: string;
}): ReactNode {
  const { language } = context;
  if (!pools.length) return null;
  return (
    <>
      <h3>{say(language, 'preview.pools')}</h3>
      <ul className="rows">
        {pools.map(({ code, members }) => (
          <li key={code + members.map((member) => member.firmId).join()}>
            {nameOf('hs', code, language)} <bdi className="quiet">{writeHs(code)}</bdi>:{' '}
            {members.map(({ firmId, share }, i) => (
              <span key={firmId}>
                {i > 0 && ' + '}
                <FirmLink id={firmId} names={names} /> {say(language, 'preview.share', { percent: Math.floor(share * 100 + 1e-9) })}
              </span>
            ))}
            {opportunityId && (
              <ProposeForm context={context} opportunityId={opportunityId} firms={members.map(({ firmId }) => [firmId, names.get(firmId) ?? ''] as const)} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function FirmLink({ id, names }: { id: string; names: Names }): ReactNode {
  return (
    <a href={`/desk/firms/${id}`}>
      <bdi>{names.get(id) ?? ''}</bdi>
    </a>
  );
}
