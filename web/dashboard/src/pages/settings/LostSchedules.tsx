import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client';
import { useFeature } from '../../app/me';
import { useTexts } from '../../texts/texts';
import { settingsTexts } from './texts';

/** The schedules that run with the rights of a key, for whoever is about to revoke it; nothing where there are none. */
export function LostSchedules({ owner }: { readonly owner: string }) {
  const t = useTexts(settingsTexts);
  const { data } = useQuery({
    queryKey: ['schedules', 'of', owner],
    queryFn: ({ signal }) => namesOf(owner, signal),
    enabled: useFeature('schedules'),
  });
  if (!data || data.length === 0) return null;
  return <strong className="settings-risk">{t('schedulesFail', { names: data.join(', ') })}</strong>;
}

async function namesOf(owner: string, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for await (const schedule of client.schedules.all({ limit: 200 }, { signal })) {
    if (schedule.owner === owner) names.push(schedule.name);
  }
  return names;
}
