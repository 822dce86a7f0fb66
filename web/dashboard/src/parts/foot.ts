/**
 * A reference for what stands at the foot of the window and is pressed next: notices stand above it, whatever its height, and not on the
 * head of the page.
 */
export function standsAtFoot(foot: HTMLElement | null): (() => void) | undefined {
  if (!foot) return undefined;
  const { style } = document.documentElement;
  const watcher = new ResizeObserver(() => style.setProperty('--foot', `${foot.offsetHeight}px`));
  watcher.observe(foot);
  return () => {
    watcher.disconnect();
    style.removeProperty('--foot');
  };
}
