/** The most bytes, brotli-compressed, that a browser may load before the overview shows. */
export const firstLoadLimit = 200 * 1024;

/** The same before a list shows. Menus and dialogs, which are most of what may come later, do not fit in. */
export const listLoadLimit = 170 * 1024;

/** What every page loads: the entries, with all that they import at once. */
const firstEntries = ['src/main.tsx', 'src/start.ts'];

/**
 * @param metafile esbuild's account of what it made.
 * @param sizes the compressed bytes of each file.
 * @param page the folder of the page.
 * @returns the compressed bytes that a browser loads before the page shows: the entries, all that they import at once, the styles, and the
 * page itself.
 */
export function firstLoad(metafile, sizes, page) {
  const entries = [...firstEntries, `src/pages/${page}/page.tsx`];
  const files = new Set();
  const visit = file => {
    if (files.has(file)) return;
    files.add(file);
    const output = metafile.outputs[file];
    if (output?.cssBundle) visit(output.cssBundle);
    for (const one of output?.imports ?? []) if (one.kind === 'import-statement') visit(one.path);
  };
  for (const [file, output] of Object.entries(metafile.outputs)) if (entries.includes(output.entryPoint)) visit(file);
  return [...files].reduce((sum, file) => sum + (sizes[file.split('/').pop()] ?? 0), 0);
}
