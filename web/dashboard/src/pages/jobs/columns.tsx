import { jobName } from '../../api/jobName';
import type { Job } from '../../api/types';
import { formatNumber, formatRate } from '../../format/numbers';
import { type Column, SegmentedBar, StateChip, Time } from '../../parts';
import { ReadyTime } from '../../parts/ReadyTime';
import { RowLink } from '../../parts/RowLink';
import { type Texts, useTexts } from '../../texts/texts';
import { columnSort, type Sort } from './sorts';
import { jobsTexts } from './texts';

type Key = keyof typeof jobsTexts.en & string;

/** All columns of the list of jobs, in their order. */
export function jobColumns(
  t: Texts<Key>,
  gone: ReadonlySet<string>,
  sort: Sort | undefined,
  onSort: (sort: Sort | undefined) => void,
): readonly Column<Job>[] {
  return plainColumns(t, gone).map(column => {
    const by = columnSort(column.key, sort, t, onSort);
    return by ? { ...column, sort: by } : column;
  });
}

function plainColumns(t: Texts<Key>, gone: ReadonlySet<string>): readonly Column<Job>[] {
  return [
    {
      key: 'state',
      title: t('state'),
      width: '116px',
      cell: job => (
        <span className={gone.has(job.id) ? 'jobs-gone' : undefined} title={gone.has(job.id) ? t('gone') : undefined}>
          <StateChip state={job.state} paused={job.paused} />
        </span>
      ),
    },
    {
      key: 'name',
      title: t('name'),
      width: 'minmax(14ch, 6fr)',
      cell: job => (
        <RowLink to="/jobs/$jobId" params={{ jobId: job.id }} title={jobName(job)}>
          {jobName(job)}
        </RowLink>
      ),
    },
    { key: 'service', title: t('service'), width: 'minmax(10ch, 1.2fr)', hide: 'narrow', cell: job => job.service },
    {
      key: 'progress',
      title: t('progress'),
      width: 'minmax(72px, 1fr)',
      hide: 'narrow',
      isBelow: true,
      cell: job => <SegmentedBar tasks={job.tasks} />,
    },
    {
      key: 'done',
      title: t('done'),
      width: '11ch',
      isNumber: true,
      hide: 'narrow',
      isBelow: true,
      cell: job => `${formatNumber(job.tasks.completed)}/${formatNumber(job.tasks.total)}`,
    },
    {
      key: 'failed',
      title: t('failed'),
      width: '6ch',
      isNumber: true,
      hide: 'narrow',
      cell: job => (job.tasks.failed > 0 ? <span className="fault">{formatNumber(job.tasks.failed)}</span> : '–'),
    },
    { key: 'rate', title: t('rate'), width: '8ch', isNumber: true, hide: 'medium', cell: job => <Rate job={job} /> },
    {
      key: 'eta',
      title: t('eta'),
      width: '10ch',
      hide: 'medium',
      cell: job => <ReadyTime job={job} style="narrow" isCell />,
    },
    {
      key: 'priority',
      title: t('priority'),
      width: '7ch',
      isNumber: true,
      hide: 'medium',
      cell: job => formatNumber(job.priority),
    },
    {
      key: 'tags',
      title: t('tags'),
      width: 'minmax(15ch, 1.5fr)',
      hide: 'wide',
      cell: job => <Tags tags={job.tags} />,
    },
    { key: 'owner', title: t('owner'), width: 'minmax(8ch, 1fr)', hide: 'wide', cell: job => job.owner ?? '–' },
    {
      key: 'age',
      title: t('age'),
      width: '11ch',
      hide: 'narrow',
      isBelow: true,
      cell: job => <Time at={job.created_at} style="narrow" />,
    },
  ];
}

/** The first tag, and how many more there are. */
function Tags({ tags }: { readonly tags: readonly string[] }) {
  const [first] = tags;
  if (first === undefined) return null;
  return (
    <span title={tags.join(', ')} className="jobs-tags">
      <Tag tag={first} />
      {tags.length > 1 && <span className="quiet">+{formatNumber(tags.length - 1)}</span>}
    </span>
  );
}

function Tag({ tag }: { readonly tag: string }) {
  return (
    <RowLink to="/jobs" search={{ tag }} className="tag jobs-tag cut">
      {tag}
    </RowLink>
  );
}

function Rate({ job }: { readonly job: Job }) {
  const t = useTexts(jobsTexts);
  const isOpen = job.state === 'running' && !job.paused;
  return isOpen && job.tasks_per_second !== null ? (
    t('rateOf', { rate: formatRate(job.tasks_per_second) })
  ) : (
    <span className="quiet">–</span>
  );
}
