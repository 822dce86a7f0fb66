/** The scripts of pages besides those that every page has, by the path of the page, such as `/jobs/$jobId`. */
export type PageFiles = Readonly<Record<string, readonly string[]>>;

/** Has the browser load the scripts of a page at once, instead of one after the other as each names the next. */
export function preload(files: PageFiles, place: string, base: URL): void {
  for (const file of filesOf(files, place)) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = new URL(`dashboard/assets/${file}`, base).href;
    document.head.append(link);
  }
}

/** The scripts of the page at a path; none for a path that is no page. */
export function filesOf(files: PageFiles, place: string): readonly string[] {
  const parts = partsOf(place);
  const route = Object.keys(files).find(path => {
    const wanted = partsOf(path);
    return wanted.length === parts.length && wanted.every((part, at) => part.startsWith('$') || part === parts[at]);
  });
  return route === undefined ? [] : files[route]!;
}

function partsOf(path: string): string[] {
  return path.split('/').filter(Boolean);
}
