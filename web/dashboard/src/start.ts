// Runs before everything else. A script of its own, because the page's policy allows no inline scripts, and in one piece, because a browser
// runs it as soon as it has it: it sets the colours before the first paint, and asks for what the page needs while the rest still loads.
import { aheadOf } from './ahead/addresses';
import { askAhead } from './ahead/ahead';
import { type PageFiles, preload } from './ahead/preload';

/** The files of each page, by its route; the build puts them here (`build/pages.mjs`). */
declare const pageFiles: PageFiles;

{
  // The settings themselves are in app/theme.ts.
  const chosen = localStorage.getItem('stashai-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  if (localStorage.getItem('stashai-rows') === 'comfortable') document.documentElement.dataset.rows = 'comfortable';

  const base = new URL('.', document.baseURI);
  const place = location.pathname.slice(`${base.pathname}dashboard`.length);
  // A browser has six connections to a server: the answers first, which take the server longer than its files.
  askAhead(base, aheadOf(place, location.search));
  preload(pageFiles, place, base);
}
