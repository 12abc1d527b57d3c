import type { ReactNode } from 'react';
import { say, sayNumber } from '../language/say.js';
import { sayBlocker, sayEvidence } from '../matching/explain.js';
import type { Preview } from '../matching/matching.service.js';
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
          {preview.matched === 0 && preview.best.length > 0 && <p>{say(language, 'preview.nearest')}</p>}
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
          <Pools context={context} pools={preview.pools} names={names} />
        </>
      )}
    </section>
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
