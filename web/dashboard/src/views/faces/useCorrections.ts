import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { client } from '../../api/client';
import type { ResultRow } from '../types';
import { type PhotoFaces, readFaces } from './judge';

/**
 * The results as they are by now: a correction judges its result again at once, so that one is read again, while the page's list follows.
 * Rows that did not change keep their identity, so that a thousand photos are not read anew for one.
 */
export function useCorrections(jobId: string, rows: readonly ResultRow[]) {
  const queryClient = useQueryClient();
  const [corrected, setCorrected] = useState<ReadonlyMap<string, ResultRow>>(new Map());
  // What the list brings after a correction is newer than it.
  useEffect(() => setCorrected(before => (rows && before.size > 0 ? new Map() : before)), [rows]);

  const known = useRef(new WeakMap<ResultRow, PhotoFaces>());
  const photos = useMemo(
    () =>
      rows.map(row => {
        const latest = corrected.get(row.id) ?? row;
        const read = known.current.get(latest) ?? readFaces(latest);
        known.current.set(latest, read);
        return read;
      }),
    [rows, corrected],
  );

  const readAll = useCallback(
    () =>
      queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey.includes(jobId) || queryKey[0] === 'people',
      }),
    [queryClient, jobId],
  );
  /** Reads one result again. */
  const readOne = useCallback(
    async (taskId: string) => {
      const row = rows.find(one => one.id === taskId);
      const task = await client.tasks.get(taskId);
      if (row) setCorrected(before => new Map(before).set(taskId, { ...row, result: task.result }));
    },
    [rows],
  );
  return { photos, readAll, readOne };
}
