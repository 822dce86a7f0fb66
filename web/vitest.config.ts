import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The client's own sources, as the page is built with.
  resolve: { alias: { '@stashai/client': fileURLToPath(new URL('client/src/index.ts', import.meta.url)) } },
  test: {
    include: ['*/src/**/*.test.ts', '*/src/**/*.test.tsx', 'dashboard/build/**/*.test.mjs'],
    reporters: process.env.VITEST_JUNIT
      ? ['default', ['junit', { outputFile: process.env.VITEST_JUNIT }]]
      : ['default'],
  },
});
