import path from 'node:path';

/** What esbuild made of a source: the name of the file, and what it says of it. */
export function entryOf(metafile, source) {
  const found = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === source);
  if (!found) throw new Error(`esbuild made nothing of ${source}.`);
  return { file: found[0], output: found[1] };
}

/** A file and all that it imports at once, each once. */
export function imports(metafile, file, known = new Set()) {
  if (known.has(file)) return [];
  known.add(file);
  const direct = (metafile.outputs[file]?.imports ?? []).filter(one => one.kind === 'import-statement');
  return [file, ...direct.flatMap(one => imports(metafile, one.path, known))];
}

/**
 * The files that each page needs besides those that every page has.
 * @param metafile esbuild's account of what it made.
 * @param router the text of the router, which says where each page is.
 * @param atOnce the files that every page has.
 * @returns the names of files by the path of the page.
 */
export function filesOfPages(metafile, router, atOnce) {
  const pages = [...router.matchAll(/at\('([^']+)', \(\) => import\('\.\.\/([^']+)'\)\)/g)];
  if (pages.length === 0) throw new Error('The router names its pages in another way.');
  return Object.fromEntries(
    pages.map(([, route, source]) => [
      route,
      imports(metafile, entryOf(metafile, `src/${source}.tsx`).file, new Set(atOnce)).map(file => path.basename(file)),
    ]),
  );
}
