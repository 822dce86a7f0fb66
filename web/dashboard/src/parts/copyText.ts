/** Copies a text, also on plain http, where browsers offer no clipboard. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed here; the old way may be.
    }
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'only-read-aloud';
  // Inside a dialog only what is in it can have the focus.
  (document.activeElement?.parentElement ?? document.body).append(area);
  const before = document.activeElement;
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}
