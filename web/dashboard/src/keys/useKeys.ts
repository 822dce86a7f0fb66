import { useEffect, useRef } from 'react';
import { type KeyMap, KeySequence } from './sequence';

const maps: KeyMap[] = [];
const sequence = new KeySequence();

/** Gives keys a meaning while the component is shown. They do nothing while somebody types or a dialog is open. */
export function useKeys(map: KeyMap): void {
  const latest = useRef(map);
  latest.current = map;
  const names = Object.keys(map).join('|');
  useEffect(() => {
    const own: KeyMap = {};
    for (const name of names.split('|')) own[name] = () => latest.current[name]?.();
    maps.push(own);
    return () => {
      maps.splice(maps.indexOf(own), 1);
    };
  }, [names]);
}

/** Listens for the whole page; called once. */
export function startKeys(): void {
  addEventListener('keydown', event => {
    if (event.defaultPrevented || event.isComposing || isTyping(event)) return;
    const act = sequence.find(event, maps, performance.now());
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  // Toasts have the role of a dialog too, but no scrim.
  if (document.querySelector('.scrim, [role="menu"]')) return true;
  if (event.ctrlKey || event.metaKey) return false;
  if (target?.isContentEditable || target?.matches('textarea, select')) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}
