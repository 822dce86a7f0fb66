import { useNavigate } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import { Button, say, sayFailure } from '../../parts';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { serviceTexts } from './texts';

/** Removes a service that was made of a curl command. */
export function RemoveService({ service }: { readonly service: string }) {
  const t = useTexts(serviceTexts);
  const navigate = useNavigate();
  const [isAsked, setAsked] = useState(false);
  const remove = useAct({
    mutationFn: () => client.services.delete(service),
    onSuccess: async () => {
      say({ title: t('removed', { service }), kind: 'good' });
      await navigate({ to: '/services' });
      queryClient.removeQueries({ queryKey: ['declaration', service] });
      void queryClient.invalidateQueries({ queryKey: ['services'] });
    },
    onError: error => sayFailure(t('notRemoved'), error),
  });
  return (
    <>
      <Button look="danger" icon={Trash2} disabled={remove.isPending} onClick={() => setAsked(true)}>
        {t('remove')}
      </Button>
      <ConfirmDialog
        open={isAsked}
        onClose={() => setAsked(false)}
        title={t('removeAsk', { service })}
        consequence={t('removeText')}
        act={t('remove')}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}
