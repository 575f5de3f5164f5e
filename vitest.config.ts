import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs', 'conformance/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
