/** Texts that are cut for want of room say themselves on hover, on every page. A `title` of their own comes first. */
export function startCutTexts(): void {
  document.addEventListener('pointerover', event => {
    const cut = (event.target as Element).closest<HTMLElement>('.cut, .number');
    if (!cut || cut.closest('[title]:not([data-cut])')) return;
    const isCut = cut.scrollWidth > cut.clientWidth;
    if (isCut) {
      cut.title = cut.textContent ?? '';
      cut.dataset.cut = '';
    } else if (cut.dataset.cut !== undefined) {
      cut.removeAttribute('title');
      delete cut.dataset.cut;
    }
  });
}
