import { defineConfig } from 'vitest/config';

/** Pure, session, conformance and headless tests under bare Node; the picture's tests in happy-dom. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: [
            'tests/{shared,silero,ear,client,server,main,cli,conformance,fuzz,scripts,bench}/**/*.test.ts',
          ],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'page',
          environment: 'happy-dom',
          include: ['tests/renderer/**/*.test.{ts,tsx}'],
        },
      },
    ],
  },
});
