import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Images } from 'lucide-react';
import { useId, useState } from 'react';
import { client } from '../api/client';
import { queries, queryClient } from '../api/queries';
import { useAct } from '../steady/useAct';
import { useTexts } from '../texts/texts';
import { Button } from './Button';
import { sampleTexts } from './sample.texts';
import { say, sayFailure } from './toasts';

const counts = [1, 5, 20, 100];

/** Runs a real job of sample photos, for those who have none at hand. */
export function SampleJob({ look }: { readonly look?: 'main' }) {
  const t = useTexts(sampleTexts);
  const id = useId();
  const navigate = useNavigate();
  const [photos, setPhotos] = useState(5);
  const services = useQuery(queries.services);
  const isMissing = services.data?.services.find(service => service.name === 'visage')?.configured === false;
  const sample = useAct({
    mutationFn: () => client.request('/api/demo/visage/job', 'post', { body: { demo_task_count: photos } }),
    onSuccess: ({ job_id: jobId, drawings }) => {
      if (drawings) say({ title: t('drawings'), text: t('drawingsText'), kind: 'plain' });
      void queryClient.invalidateQueries({ queryKey: ['stats'] });
      void queryClient.invalidateQueries({ queryKey: ['jobs'] });
      void navigate({ to: '/jobs/$jobId', params: { jobId } });
    },
    onError: error => sayFailure(t('run'), error),
  });
  if (isMissing) return <p className="quiet">{t('missing')}</p>;
  return (
    <div className="row">
      <label htmlFor={id}>{t('photos')}</label>
      <select
        id={id}
        className="input"
        style={{ width: 'auto' }}
        value={photos}
        onChange={event => setPhotos(Number(event.target.value))}
      >
        {counts.map(count => (
          <option key={count}>{count}</option>
        ))}
      </select>
      <Button icon={Images} {...(look && { look })} disabled={sample.isPending} onClick={() => sample.mutate()}>
        {t('run')}
      </Button>
    </div>
  );
}
