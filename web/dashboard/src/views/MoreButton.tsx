import { useEffect, useRef } from 'react';
import { Button } from '../parts';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';

/** Below the last result: asks for more when it comes into view, and when it is pressed. */
export function MoreButton({ more }: { readonly more: () => void }) {
  const t = useTexts(words);
  const button = useRef<HTMLDivElement>(null);
  const latest = useRef(more);
  latest.current = more;
  useEffect(() => {
    const watcher = new IntersectionObserver(
      entries => entries.some(entry => entry.isIntersecting) && latest.current(),
      { rootMargin: '400px' },
    );
    if (button.current) watcher.observe(button.current);
    return () => watcher.disconnect();
  });
  return (
    <div ref={button} className="views-more">
      <Button onClick={more}>{t('more')}</Button>
    </div>
  );
}
