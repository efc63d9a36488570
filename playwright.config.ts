import { defineConfig } from '@playwright/test';

/** Desktop tests: the built program in real Electron. One at a time, since keys and sound are the machine's. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  outputDir: 'test-results',
});
