import { useNavigate } from '@tanstack/react-router';
import { UserSearch } from 'lucide-react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import { bulkTexts } from '../../bulk/texts';
import { Button, sayFailure } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';

/** How many more jobs the server groups with one. */
const most = 100;

/** Groups the unknown faces of several jobs together, and goes to the groups, which are with the first of them. */
export function GroupFaces({ jobs }: { readonly jobs: readonly string[] }) {
  const t = useTexts(bulkTexts);
  const navigate = useNavigate();
  const [first = '', ...more] = jobs;
  const group = useAct({
    mutationFn: () => client.request('/api/jobs/{id}/clusters', 'post', { path: { id: first }, body: { jobs: more } }),
    onSuccess: () => {
      void queryClient.resetQueries({ queryKey: ['groups', first] });
      void navigate({ to: '/jobs/$jobId/unknown', params: { jobId: first } });
    },
    onError: error => sayFailure(t('couldNotGroup'), error),
  });
  if (first === '' || more.length > most) return null;
  return (
    <Button icon={UserSearch} disabled={group.isPending} onClick={() => group.mutate()}>
      {t('group')}
    </Button>
  );
}
