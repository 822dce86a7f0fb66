import { expect, test } from 'vitest';
import { entryOf, filesOfPages, imports } from './pages.mjs';

const now = paths => paths.map(path => ({ path, kind: 'import-statement' }));
const metafile = {
  outputs: {
    'dist/assets/main-1.js': { entryPoint: 'src/main.tsx', imports: now(['dist/assets/chunk-1.js']) },
    'dist/assets/chunk-1.js': { imports: now(['dist/assets/chunk-2.js']) },
    'dist/assets/chunk-2.js': { imports: now(['dist/assets/chunk-1.js']) },
    'dist/assets/chunk-3.js': { imports: [] },
    'dist/assets/page-1.js': {
      entryPoint: 'src/pages/jobs/page.tsx',
      imports: [
        ...now(['dist/assets/chunk-2.js', 'dist/assets/chunk-3.js']),
        { path: 'later', kind: 'dynamic-import' },
      ],
    },
  },
};
const router = "  at('/jobs', () => import('../pages/jobs/page')),";

test('each page has its own scripts besides those of all, each once', () => {
  const atOnce = imports(metafile, entryOf(metafile, 'src/main.tsx').file);
  expect(atOnce).toEqual(['dist/assets/main-1.js', 'dist/assets/chunk-1.js', 'dist/assets/chunk-2.js']);
  expect(filesOfPages(metafile, router, atOnce)).toEqual({ '/jobs': ['page-1.js', 'chunk-3.js'] });
});

test('a router that is written otherwise ends the build', () => {
  expect(() => filesOfPages(metafile, 'routes', [])).toThrow('in another way');
});
