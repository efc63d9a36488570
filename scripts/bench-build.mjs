import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

/** Where the bench runs from; beside the program's own build. */
export const BENCH_FOLDER = join(root, 'out', 'bench');

/** Programs of their own that parts of the bench start end in this; `x.process.ts` becomes out/bench/x.process.mjs. */
const PROCESS = '.process.ts';

/** Bundles tests/bench/run.ts and the programs beside it for this Node. Takes a second, so it is done every time. */
export async function buildBench() {
  // Loaded here, because the set-up may only just have installed it.
  const { build } = await import('vite');
  const sources = join(root, 'tests', 'bench');
  const processes = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith(PROCESS),
  );
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [sourceUrls],
    build: {
      ssr: true,
      outDir: BENCH_FOLDER,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(
          ['run.ts', ...processes].map((name) => [basename(name, '.ts'), join(sources, name)]),
        ),
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
      },
    },
  });
}

/** A module finds files beside itself where its source is, not where the bundle is. */
const sourceUrls = {
  name: 'source-urls',
  /** @param {string} code @param {string} id */
  transform(code, id) {
    /** @type {[RegExp, string][]} */
    const places = [
      [/\bimport\.meta\.url\b/g, pathToFileURL(id).href],
      [/\b__filename\b/g, id],
      [/\b__dirname\b/g, dirname(id)],
    ];
    const found = places.filter(([name]) => code.search(name) >= 0);
    if (found.length === 0) return null;
    const replaced = found.reduce(
      (text, [name, place]) => text.replaceAll(name, JSON.stringify(place)),
      code,
    );
    return { code: replaced, map: null };
  },
};
