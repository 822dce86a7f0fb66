import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** What the first script asks for, in its order, before anything is answered. */
async function askedAt(address: string, isKnown: boolean): Promise<string[]> {
  const asked: string[] = [];
  vi.stubGlobal('window', {});
  vi.stubGlobal('location', new URL(address));
  vi.stubGlobal('localStorage', { getItem: (key: string) => (isKnown && key === 'stashai-known' ? '1' : null) });
  vi.stubGlobal('fetch', (input: URL) => {
    asked.push(input.pathname + input.search);
    return new Promise(() => undefined);
  });
  vi.stubGlobal('document', {
    baseURI: 'http://a/stashai/',
    documentElement: { dataset: {} },
    createElement: () => ({}),
    head: { append: (link: { href: string }) => asked.push(new URL(link.href).pathname) },
  });
  vi.stubGlobal('pageFiles', { '/jobs': ['page-1.js', 'chunk-1.js'], '/tasks': ['page-2.js'] });
  await import('./start');
  return asked;
}

test('the answers of a page are asked for at once, and before its scripts', async () => {
  expect(await askedAt('http://a/stashai/dashboard/jobs', true)).toEqual([
    '/stashai/api/me',
    '/stashai/api/jobs?limit=100',
    '/stashai/dashboard/assets/page-1.js',
    '/stashai/dashboard/assets/chunk-1.js',
  ]);
});

test('whom the server may not know is asked for first, and the scripts do not wait', async () => {
  expect(await askedAt('http://a/stashai/dashboard/tasks?state=failed', false)).toEqual([
    '/stashai/api/me',
    '/stashai/dashboard/assets/page-2.js',
  ]);
});
