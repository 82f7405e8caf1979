import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One worker less than cores, the default, leaves half of two cores idle.
  test: { maxWorkers: '100%', include: ['test/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 30_000 },
});
