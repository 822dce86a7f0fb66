/** The most bytes, brotli-compressed, that a browser may load before the overview shows. */
export const firstLoadLimit = 200 * 1024;

/** What the page loads before it shows the overview: the entries, all that they import at once, the styles, and the overview itself. */
const firstEntries = ['src/main.tsx', 'src/start.ts', 'src/pages/overview/page.tsx'];

/**
 * @param metafile esbuild's account of what it made.
 * @param sizes the compressed bytes of each file.
 * @returns the compressed bytes of the first load.
 */
export function firstLoad(metafile, sizes) {
  const files = new Set();
  const visit = file => {
    if (files.has(file)) return;
    files.add(file);
    const output = metafile.outputs[file];
    if (output?.cssBundle) visit(output.cssBundle);
    for (const one of output?.imports ?? []) if (one.kind === 'import-statement') visit(one.path);
  };
  for (const [file, output] of Object.entries(metafile.outputs))
    if (firstEntries.includes(output.entryPoint)) visit(file);
  return [...files].reduce((sum, file) => sum + (sizes[file.split('/').pop()] ?? 0), 0);
}
