import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres-run.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores: more workers than that only make timings lie.
    maxWorkers: 2,
    // Tests that run side by side start whole Apps with their databases: more at once only wait for each other.
    maxConcurrency: 2,
    reporters: ['default'],
  },
})
