import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../api/client';
import { jobName } from '../api/jobName';
import { queries } from '../api/queries';
import { peopleQueries } from '../pages/people/queries';
import { type Found, named } from './found';
import { useFeature } from './me';

export type { Found } from './found';

/** So long after the last letter the server is asked. */
const pause = 200;

/**
 * People, services, schedules and jobs whose names contain the text, and whether these are all: while somebody types and the server is asked,
 * more may come. What the server does not answer is left out.
 */
export function useFound(text: string): { readonly found: readonly Found[]; readonly isWhole: boolean } {
  const asked = useLater(text);
  const isAsked = asked !== '';
  const people = useQuery({ ...peopleQueries.named(asked), enabled: useFeature('people') && isAsked });
  const services = useQuery({ ...queries.services, enabled: isAsked });
  const schedules = useQuery({
    queryKey: ['schedules', 'first'],
    queryFn: ({ signal }) => client.schedules.list({ limit: 200 }, { signal }),
    enabled: useFeature('schedules') && isAsked,
  });
  const jobs = useQuery({ ...queries.jobs({ name: asked }, 5), enabled: isAsked });
  const of = (kind: Found['kind'], all: readonly { readonly id: string; readonly name: string }[] | undefined) =>
    named(
      (all ?? []).map(({ id, name }) => ({ kind, id, name })),
      text,
    );
  const isWhole = asked === text && ![people, services, schedules, jobs].some(query => query.isLoading);
  const found = [
    ...of('person', people.data?.data),
    ...of(
      'service',
      services.data?.services.map(({ name }) => ({ id: name, name })),
    ),
    ...of('schedule', schedules.data?.data),
    ...of(
      'job',
      jobs.data?.data.map(job => ({ id: job.id, name: jobName(job) })),
    ),
  ];
  return { found, isWhole };
}

/** The text as it was when somebody last stopped typing. */
function useLater(text: string): string {
  const [later, setLater] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setLater(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return later;
}
