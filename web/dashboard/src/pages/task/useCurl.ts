import { client } from '../../api/client';
import { say, sayFailure } from '../../parts';
import { copyText } from '../../parts/copyText';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { taskTexts } from './texts';

/** Copies the call of a task as a curl command; secrets in it are names of variables. */
export function useCurl() {
  const t = useTexts(taskTexts);
  return useAct({
    mutationFn: async (taskId: string) => {
      const curl = await client.tasks.curl(taskId);
      if (!(await copyText(curl.command))) throw new Error(curl.command);
      return curl;
    },
    onSuccess: ({ variables }) =>
      say({
        title: t('copied'),
        kind: 'good',
        ...(variables.length > 0 ? { text: t('copyVariables', { names: variables.join(', ') }) } : {}),
      }),
    onError: error => sayFailure(t('couldNotCopy'), error),
  });
}
