import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Images } from 'lucide-react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import { Button, Panel, sayFailure } from '../../parts';
import { useTexts } from '../../texts/texts';
import { submitTexts } from './texts';

const photos = 5;

/** A real job of sample photos, for those who have none at hand. */
export function SamplePanel() {
  const t = useTexts(submitTexts);
  const navigate = useNavigate();
  const sample = useMutation({
    mutationFn: () => client.request('/api/demo/visage/job', 'post', { body: { demo_task_count: photos } }),
    onSuccess: ({ job_id: jobId }) => {
      void queryClient.invalidateQueries({ queryKey: ['jobs'] });
      void navigate({ to: '/jobs/$jobId', params: { jobId } });
    },
    onError: error => sayFailure(t('sampleAct'), error),
  });
  return (
    <Panel title={t('sample')}>
      <div className="row">
        <p className="quiet">{t('sampleText', { count: photos })}</p>
        <Button icon={Images} disabled={sample.isPending} onClick={() => sample.mutate()}>
          {t('sampleAct')}
        </Button>
      </div>
    </Panel>
  );
}
