import { client } from '../../api/client';
import { jobName } from '../../api/jobName';
import { queryClient } from '../../api/queries';
import type { JobDetail } from '../../api/types';
import { say } from '../../parts';
import { RenameDialog } from '../../parts/RenameDialog';
import { useTexts } from '../../texts/texts';
import { actTexts } from './acts.texts';

/** Gives the job another name. It is a label only: nothing else changes. */
export default function RenameJob({ job, onClose }: { readonly job: JobDetail; readonly onClose: () => void }) {
  const t = useTexts(actTexts);
  return (
    <RenameDialog
      title={t('rename')}
      label={t('newName')}
      name={job.name}
      unnamed={jobName({ ...job, name: '' })}
      rename={name => client.jobs.patch(job.id, { name })}
      onRenamed={changed => {
        say({ title: t('didRename', { name: jobName(changed) }), kind: 'good' });
        for (const list of ['job', 'jobs', 'live-jobs', 'sorted-jobs'])
          void queryClient.invalidateQueries({ queryKey: [list] });
      }}
      onClose={onClose}
    />
  );
}
