import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*/src/**/*.test.ts', '*/src/**/*.test.tsx', 'dashboard/build/**/*.test.mjs'],
    reporters: process.env.VITEST_JUNIT
      ? ['default', ['junit', { outputFile: process.env.VITEST_JUNIT }]]
      : ['default'],
  },
});
