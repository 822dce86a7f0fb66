import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { JobDetail } from '../../api/types';
import { formatBytes } from '../../format/bytes';
import { formatNumber } from '../../format/numbers';
import { Copyable, Panel } from '../../parts';
import { useTexts } from '../../texts/texts';
import { jobTexts } from './texts';

/** What the job was submitted with, and the summary of its results. */
export default function ConfigTab({ job }: { readonly job: JobDetail }) {
  const t = useTexts(jobTexts);
  const hasConfig = job.config !== null && Object.keys(job.config).length > 0;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      t('job'),
      <Copyable key="id" text={job.id}>
        {<code>{job.id}</code>}
      </Copyable>,
    ],
    [
      t('service'),
      <Link key="service" to="/services/$service" params={{ service: job.service }}>
        {job.service} {job.operation}
      </Link>,
    ],
    [
      t('sourceJob'),
      job.source_job && (
        <Link to="/jobs/$jobId" params={{ jobId: job.source_job }}>
          <code>{job.source_job}</code>
        </Link>
      ),
    ],
    [t('tags'), job.tags.join(', ')],
    [t('maxParallel'), job.max_parallel !== null && formatNumber(job.max_parallel)],
    [t('maxAttempts'), formatNumber(job.max_attempts)],
    [t('inputBytes'), job.input_bytes > 0 && formatBytes(job.input_bytes)],
    [t('cost'), job.cost !== null && formatNumber(job.cost, 6)],
    [t('estimatedCost'), job.estimated_cost !== null && formatNumber(job.estimated_cost, 2)],
    [t('user'), job.user_id],
    [
      t('session'),
      job.session_id && (
        <Link to="/sessions" search={{ session: job.session_id }}>
          {job.session_id}
        </Link>
      ),
    ],
  ];
  return (
    <div className="stack">
      <Panel title={t('identity')}>
        <dl className="job-facts">
          {facts
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </Panel>
      <Panel title={t('settings')} actions={hasConfig && <Copyable text={JSON.stringify(job.config, null, 2)} />}>
        {hasConfig ? <Json value={job.config} /> : <p className="quiet">{t('noSettings')}</p>}
      </Panel>
      {job.aggregate_results !== null && job.aggregate_results !== undefined && (
        <Panel title={t('summary')} actions={<Copyable text={JSON.stringify(job.aggregate_results, null, 2)} />}>
          <Json value={job.aggregate_results} />
        </Panel>
      )}
    </div>
  );
}

function Json({ value }: { readonly value: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <pre className="job-json" tabIndex={0}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
