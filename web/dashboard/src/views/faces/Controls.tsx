import { Link } from '@tanstack/react-router';
import { RefreshCw, UserSearch } from 'lucide-react';
import { useId } from 'react';
import { jobTakes } from '../../api/acts';
import { mayChangeJob } from '../../api/roles';
import type { Job } from '../../api/types';
import { useFeature, useMe } from '../../app/me';
import { useSearchState } from '../../app/useSearchState';
import { formatConfidence, formatNumber } from '../../format/numbers';
import { formatRelative } from '../../format/times';
import { Button, Segmented, sayFailure, useNow } from '../../parts';
import { useTexts } from '../../texts/texts';
import { confidenceOf, type Judged, unknown } from './judge';
import { facesTexts } from './texts';
import { useRematch, useStartRematch } from './useRematch';
import { range } from './useThreshold';

interface ControlsProps {
  readonly job: Job;
  readonly judged: Judged;
  /** The similarity of the slider, and the one of the stored results. */
  readonly least: number;
  readonly stored: number;
  readonly isMoved: boolean;
  readonly mayEnrol: boolean;
  readonly mayReject: boolean;
  readonly onLeast: (similarity: number | undefined) => void;
}

/** Above the photos: what a match needs, who is shown, and how; and judging the job again. */
export function Controls(props: ControlsProps) {
  const { job, judged, least, stored, isMoved, mayEnrol, mayReject, onLeast } = props;
  const t = useTexts(facesTexts);
  const id = useId();
  const me = useMe();
  const now = useNow();
  const [search, change] = useSearchState();
  const mayRematch = useFeature('rematch') && mayChangeJob(me, job) && jobTakes(job, 'rematch');
  const rematch = useRematch(job.id);
  const start = useStartRematch(job.id);
  const judge = (threshold?: number) =>
    start.mutate(threshold, {
      onSuccess: () => onLeast(undefined),
      onError: error => sayFailure(t('rematchFailed'), error),
    });
  const isRunning = rematch?.state === 'running' || start.isPending;
  const share = precise(least);
  const keys = [
    t('keysMove'),
    ...(mayEnrol ? [t('keysConfirm')] : []),
    ...(mayReject ? [t('keysReject')] : []),
    ...(mayEnrol ? [t('keysName')] : []),
  ];
  return (
    <section className="faces-controls panel" aria-label={t('threshold')}>
      <div className="faces-slider">
        <label htmlFor={id}>
          {t('threshold')} <strong>{t('confidence', { share })}</strong>
        </label>
        <input
          id={id}
          type="range"
          {...range}
          value={least}
          aria-valuetext={t('confidence', { share })}
          onChange={event => onLeast(Number(event.target.value))}
        />
        <p role="status" className="quiet">
          {t('matched', { matched: judged.matched, faces: judged.faces })} ·{' '}
          {t('peopleCount', { count: judged.people.length })}
        </p>
        {isMoved && Math.abs(least - stored) > range.step / 2 && (
          <p className="quiet">{t(least < stored ? 'weaker' : 'preview', { share: precise(stored) })}</p>
        )}
      </div>
      <div className="row">
        {isMoved && <Button onClick={() => onLeast(undefined)}>{t('asJudged', { share: precise(stored) })}</Button>}
        {mayRematch && (
          <Button
            icon={RefreshCw}
            look={isMoved ? 'main' : 'plain'}
            disabled={isRunning}
            title={t('rematchText')}
            onClick={() => judge(isMoved ? confidenceOf(least) : undefined)}
          >
            {isMoved ? t('keep', { share }) : t('rematch')}
          </Button>
        )}
        {mayRematch && (
          <Link className="button" to="/jobs/$jobId/unknown" params={{ jobId: job.id }}>
            <UserSearch size={16} aria-hidden />
            {t('unknownFaces')}
          </Link>
        )}
        <span role="status" aria-live={isRunning ? 'off' : 'polite'} className="quiet">
          {rematch?.state === 'running' && t('rematching', { done: rematch.done, total: rematch.total })}
          {rematch?.state === 'completed' &&
            t(rematch.changed === 0 ? 'rematchedNone' : 'rematched', {
              count: rematch.changed,
              when: formatRelative(Math.min(now, Date.parse(rematch.updated_at ?? '')), now),
            })}
        </span>
        {rematch?.state === 'failed' && <span className="fault">{rematch.error ?? t('rematchFailed')}</span>}
      </div>
      <div className="row">
        <label className="row">
          <span className="quiet faces-whose">{t('person')}</span>
          <select
            aria-label={t('person')}
            className="input faces-person"
            value={search.person ?? ''}
            onChange={event => change({ person: event.target.value || undefined })}
          >
            <option value="">{t('everybody')}</option>
            <option value={unknown}>{t('nobody', { count: formatNumber(judged.faces - judged.matched) })}</option>
            {judged.people.map(person => (
              <option key={person.id} value={person.id}>
                {person.name} ({formatNumber(person.faces)})
              </option>
            ))}
          </select>
        </label>
        {search.view !== 'table' && (
          <Segmented<'photos' | 'faces'>
            label={t('show')}
            choices={['photos', 'faces']}
            chosen={search.show === 'faces' ? 'faces' : 'photos'}
            onChoose={mode => change({ show: mode === 'faces' ? 'faces' : undefined })}
            name={mode => t(mode)}
          />
        )}
        <span className="quiet faces-keys">{keys.join(', ')}.</span>
      </div>
    </section>
  );
}

/** The confidence of a similarity. */
export function precise(similarity: number): string {
  return formatConfidence(confidenceOf(similarity));
}
