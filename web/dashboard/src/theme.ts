// Runs before the first paint, so that the page never flashes in the other colours. A script of its own, because the page's policy
// allows no inline scripts; the setting itself is in app/theme.ts.
{
  const chosen = localStorage.getItem('stashai-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  if (localStorage.getItem('stashai-rows') === 'comfortable') document.documentElement.dataset.rows = 'comfortable';
}
