import { useSyncExternalStore } from 'react';
import { theme } from '../app/theme';

const dark = matchMedia('(prefers-color-scheme: dark)');

function watch(watcher: () => void): () => void {
  dark.addEventListener('change', watcher);
  return () => dark.removeEventListener('change', watcher);
}

/** The colours that are shown, for what reads them once, such as a canvas. */
export function useTheme(): 'light' | 'dark' {
  const chosen = theme.use();
  const system = useSyncExternalStore(watch, () => (dark.matches ? 'dark' : 'light'));
  return chosen === 'system' ? system : chosen;
}
