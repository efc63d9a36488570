import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/**
 * CommonJS and old targets, because the program runs on every Electron from 25 on (docs/adr/0001).
 * Everything but native modules is bundled: `dependencies` in package.json are what stays outside.
 */
export default defineConfig({
  main: {
    build: {
      target: 'node18',
      outDir: 'out/main',
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          index: resolve('src/main/index.ts'),
          server: resolve('src/server/process.ts'),
          'flite-worker': resolve('src/server/backends/flite/worker.ts'),
          cli: resolve('src/cli.ts'),
          library: resolve('src/server/library.ts'),
        },
        output: {
          format: 'cjs',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // Only `require` finds a package inside a packaged program's archive; `import()` does on newer Electrons.
          dynamicImportInCjs: false,
        },
      },
    },
  },
  preload: {
    build: {
      target: 'node18',
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].js' },
      },
    },
  },
  renderer: {
    root: resolve('src/renderer'),
    plugins: [react()],
    // As in src/main/app-protocol.ts: without them there is no memory shared with the audio thread.
    server: {
      headers: {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      },
    },
    build: {
      target: 'chrome114',
      outDir: resolve('out/renderer'),
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // A page half the size is compiled in half the time, before there is anything to see.
      minify: true,
      rolldownOptions: { input: resolve('src/renderer/index.html') },
    },
  },
});
