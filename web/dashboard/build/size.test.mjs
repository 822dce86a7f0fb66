import { expect, test } from 'vitest';
import { firstLoad } from './size.mjs';

const metafile = {
  outputs: {
    'dist/assets/main-1.js': {
      entryPoint: 'src/main.tsx',
      cssBundle: 'dist/assets/main-1.css',
      imports: [
        { path: 'dist/assets/chunk-1.js', kind: 'import-statement' },
        { path: 'dist/assets/jobs-1.js', kind: 'dynamic-import' },
      ],
    },
    'dist/assets/chunk-1.js': { imports: [{ path: 'dist/assets/chunk-2.js', kind: 'import-statement' }] },
    'dist/assets/chunk-2.js': { imports: [{ path: 'dist/assets/chunk-1.js', kind: 'import-statement' }] },
    'dist/assets/jobs-1.js': { entryPoint: 'src/pages/jobs/page.tsx', imports: [] },
  },
};
const sizes = { 'main-1.js': 1, 'main-1.css': 10, 'chunk-1.js': 100, 'chunk-2.js': 1000, 'jobs-1.js': 10000 };

test('counts what is imported at once and its styles, each once, and of the pages only the one that is shown', () => {
  expect(firstLoad(metafile, sizes, 'overview')).toBe(1111);
  expect(firstLoad(metafile, sizes, 'jobs')).toBe(11111);
});
