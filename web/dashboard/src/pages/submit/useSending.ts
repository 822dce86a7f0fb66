import type { FileItem, Json, Submission, SubmitOptions, SubmitProgress } from '@stashai/client';
import { useEffect, useRef, useState } from 'react';
import { client } from '../../api/client';

export type Sending =
  | { readonly state: 'idle' }
  | { readonly state: 'sending'; readonly progress: SubmitProgress | undefined }
  | { readonly state: 'aborted'; readonly isKept: boolean }
  | { readonly state: 'failed'; readonly error: Error };

export type Cargo = { readonly files: readonly FileItem[] } | { readonly items: readonly Json[] };

/** Sends a job; the client goes on by itself after a broken connection, and from where it was after an abort. */
export function useSending(onSent: (submission: Submission) => void) {
  const [sending, setSending] = useState<Sending>({ state: 'idle' });
  const abort = useRef<AbortController>(undefined);
  // A page that is closed in the middle loses nothing but what was not sent.
  useEffect(() => {
    if (sending.state !== 'sending') return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [sending.state]);

  const start = async (target: string, cargo: Cargo, options: SubmitOptions) => {
    const own = new AbortController();
    abort.current = own;
    let last: SubmitProgress | undefined;
    const onProgress = (progress: SubmitProgress) => {
      last = { ...progress };
      if (!own.signal.aborted) setSending({ state: 'sending', progress: last });
    };
    setSending({ state: 'sending', progress: undefined });
    const whole = { ...options, onProgress, signal: own.signal };
    try {
      onSent(
        await ('files' in cargo
          ? client.submitFiles(target, cargo.files, whole)
          : client.submit(target, cargo.items, whole)),
      );
      setSending({ state: 'idle' });
    } catch (error) {
      if (own.signal.aborted) setSending({ state: 'aborted', isKept: last?.isResumable ?? false });
      else setSending({ state: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  return { sending, start, stop: () => abort.current?.abort() };
}
