import { type UseMutationOptions, type UseMutationResult, useMutation } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { actKey } from './sameAct';

/**
 * A mutation that does the same only once at a time: a second click, or Enter held down, may come before the page has shown that the first
 * is under way. Other things may be done meanwhile.
 */
export function useAct<Data = unknown, Fault = Error, Variables = void, Context = unknown>(
  options: UseMutationOptions<Data, Fault, Variables, Context>,
): UseMutationResult<Data, Fault, Variables, Context> {
  const running = useRef(new Set<string>());
  const mutation = useMutation<Data, Fault, Variables, Context>({
    ...options,
    onSettled: (...about) => {
      running.current.delete(actKey(about[2]));
      return options.onSettled?.(...about);
    },
  });
  const start = mutation.mutate;
  const mutate = useCallback<typeof start>(
    (...given) => {
      const same = actKey(given[0]);
      if (running.current.has(same)) return;
      running.current.add(same);
      start(...given);
    },
    [start],
  );
  return { ...mutation, mutate };
}
