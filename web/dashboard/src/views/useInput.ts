import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { ownAddress } from '../api/base';
import { queries } from '../api/queries';
import type { TaskDetail } from '../api/types';
import { isObject } from './pointer';

/** The input of a row's task, read when the row comes near: its item, and where its file is. */
export function useInput<Element extends HTMLElement>(taskId: string) {
  const place = useRef<Element>(null);
  const isNear = useIsNear(place);
  const task = useQuery({ ...queries.task(taskId), enabled: isNear, staleTime: 60_000 });
  return { place, isRead: task.data !== undefined, ...(task.data ? inputOf(task.data) : {}) };
}

interface Input {
  readonly text?: string;
  readonly url?: string;
  /** The addresses of its files by name, where it has several. */
  readonly urls?: Readonly<Record<string, string>>;
}

/** The item of a task as text, and the address of its first file. */
export function inputOf(task: Pick<TaskDetail, 'input_data'>): Input {
  const { item, input_url, input_urls } = task.input_data ?? {};
  const text = typeof item === 'string' ? item : item === undefined ? undefined : JSON.stringify(item, null, 2);
  return {
    ...(text === undefined ? {} : { text }),
    ...(isOwn(input_url) ? { url: ownAddress(input_url) } : {}),
    ...(isObject(input_urls)
      ? {
          urls: Object.fromEntries(
            Object.entries(input_urls).flatMap(([name, url]) => (isOwn(url) ? [[name, ownAddress(url)] as const] : [])),
          ),
        }
      : {}),
  };
}

/** Anything else might be an address of another server, which a page must not ask. */
function isOwn(address: unknown): address is string {
  return typeof address === 'string' && address.startsWith('/') && !address.startsWith('//');
}

function useIsNear(place: RefObject<HTMLElement | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const watcher = new IntersectionObserver(
      entries => {
        if (!entries.some(entry => entry.isIntersecting)) return;
        setNear(true);
        watcher.disconnect();
      },
      { rootMargin: '300px' },
    );
    if (place.current) watcher.observe(place.current);
    return () => watcher.disconnect();
  }, [place]);
  return isNear;
}
