import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts'],
    // Time means nothing in instrumented code.
    exclude: ['test/core/linear-time.test.ts'],
    // Fewer threads to start: the tests of the core share nothing.
    isolate: false,
    setupFiles: ['test/core/fixed-seed.ts'],
  },
});
