// What a person would see at once: a page that scrolls sideways, text that ends at an edge without "…", things to press that lie on each
// other. Gives a line for each.
() => {
  const found = [];
  const say = (what, element) => {
    const name = element.className && typeof element.className === 'string' ? `.${element.className.trim().split(/\s+/).join('.')}` : '';
    found.push(`${what}: <${element.tagName.toLowerCase()}${name}> ${(element.textContent ?? '').trim().slice(0, 60)}`);
  };
  const isSeen = element =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest('.only-read-aloud, .skip');
  const scrolls = style => /auto|scroll/.test(`${style.overflowX}`);

  if (document.documentElement.scrollWidth > innerWidth) found.push(`scrolls sideways: ${document.documentElement.scrollWidth} px`);

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const cut = new Set();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const own = node.parentElement;
    if (!node.data.trim() || /^(SCRIPT|STYLE|OPTION|TEXTAREA)$/.test(own.tagName) || !isSeen(own)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (text.width === 0) continue;
    for (let around = own; around && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (scrolls(style) || style.textOverflow === 'ellipsis') break;
      if (!/hidden|clip/.test(style.overflowX)) continue;
      const edge = around.getBoundingClientRect();
      if (text.right > edge.right + 1 || text.left < edge.left - 1) cut.add(own);
      break;
    }
    // Text that leaves its button or chip.
    const box = own.closest('button, .chip, .tag, th, td, label, [role=gridcell]')?.getBoundingClientRect();
    if (box && getComputedStyle(own).textOverflow !== 'ellipsis' && !own.closest('.cut, .faces-label') && (text.right > box.right + 2 || text.left < box.left - 2)) {
      cut.add(own);
    }
  }
  for (const element of cut) say('text is cut or leaves its place', element);

  /** What of an element is to be seen within what scrolls around it; nothing of what floats above the page. */
  const seenPart = element => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    for (let around = element; around; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (/fixed|sticky/.test(style.position)) return undefined;
      if (around === element || style.overflowX === 'visible') continue;
      const edge = around.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, edge.left), Math.max(top, edge.top), Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
    }
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : undefined;
  };
  const pressed = [...document.querySelectorAll('a[href], button, input:not([type=radio]), select, textarea, summary, audio')]
    .filter(one => isSeen(one) && one.getClientRects().length === 1)
    .map(element => ({ element, part: seenPart(element) }))
    .filter(one => one.part);
  const inField = '.filter-field, .table-check, .faces-framed';
  for (let i = 0; i < pressed.length; i++) {
    for (let j = i + 1; j < pressed.length; j++) {
      const [a, b] = [pressed[i], pressed[j]];
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
      if (a.element.closest(inField) && a.element.closest(inField) === b.element.closest(inField)) continue;
      const width = Math.min(a.part.right, b.part.right) - Math.max(a.part.left, b.part.left);
      const height = Math.min(a.part.bottom, b.part.bottom) - Math.max(a.part.top, b.part.top);
      if (width > 2 && height > 2) say(`lies on “${(a.element.textContent || a.element.ariaLabel || '').trim().slice(0, 40)}”`, b.element);
    }
  }
  return found;
}
