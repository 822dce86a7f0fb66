import { CircleCheck, CircleX } from 'lucide-react';
import type { Schemas } from '../../api/types';
import { formatBytes } from '../../format/bytes';
import { formatMilliseconds } from '../../format/durations';
import { useTexts } from '../../texts/texts';
import { prettyJson } from './prettyJson';
import { servicesTexts } from './texts';

type Trial = Pick<Schemas['Trial'], 'ok' | 'duration_ms' | 'request' | 'answer' | 'result' | 'error' | 'would_retry'>;

/** One call to a service: what was sent, what came back, how long it took, and what a task would make of it. */
export function Exchange({ trial }: { readonly trial: Trial }) {
  const t = useTexts(servicesTexts);
  const { request, answer } = trial;
  return (
    <div className="stack">
      <p role="status" className="row">
        <span className={`chip ${trial.ok ? 'state-completed' : 'state-failed'}`}>
          {trial.ok ? <CircleCheck size={14} aria-hidden /> : <CircleX size={14} aria-hidden />}
          {trial.ok ? t('ok') : t('trialFailed')}
        </span>
        <span className="quiet">{t('took', { time: formatMilliseconds(trial.duration_ms) })}</span>
      </p>
      {trial.error && (
        <p className="fault">
          {trial.error.replace(/\.?$/, '.')} {t(trial.would_retry ? 'wouldRetry' : 'wouldFail')}
        </p>
      )}
      <div className="services-exchange">
        {request && (
          <section aria-label={t('request')}>
            <h3>{t('request')}</h3>
            <Code
              text={[
                `${request.method} ${request.url}`,
                ...request.headers.map(header => `${header.name}: ${header.value}`),
                ...(request.body === null ? [] : ['', prettyJson(request.body)]),
              ].join('\n')}
            />
          </section>
        )}
        <section aria-label={t('answer')}>
          <h3>{t('answer')}</h3>
          {answer ? (
            <>
              <p className="quiet">
                {answer.status} {answer.content_type} {formatBytes(answer.bytes)}
              </p>
              <Code text={prettyJson(answer.body ?? '')} />
              {answer.bytes > 16_384 && <p className="quiet">{t('cut')}</p>}
            </>
          ) : (
            <p className="quiet">{t('noAnswer')}</p>
          )}
        </section>
        {trial.ok && (
          <section aria-label={t('result')}>
            <h3>{t('result')}</h3>
            <Code text={JSON.stringify(trial.result, null, 2)} />
          </section>
        )}
      </div>
    </div>
  );
}

/** Text that may be longer than its place, which keys can scroll. */
export function Code({ text }: { readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
    <pre className="services-code" tabIndex={0}>
      {text}
    </pre>
  );
}
