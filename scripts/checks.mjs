import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { run } from './run.mjs';

/**
 * Types of every environment and the linter, all at once.
 *
 * @param {(text: string) => void} log gets one line per check, and the output of those that fail
 * @returns {Promise<boolean>} whether all is well
 */
export async function runChecks(log) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const configs = readdirSync(root).filter(
    (name) => /^tsconfig\..+\.json$/.test(name) && name !== 'tsconfig.base.json',
  );
  const checks = [
    ...configs.map((name) => ({ name: name.replace(/\.json$/, ''), args: [tsc, '-p', name] })),
    { name: 'biome', args: [biome, 'check', '--error-on-warnings', '--no-errors-on-unmatched', '.'] },
  ];
  const results = await Promise.all(
    checks.map(async ({ name, args }) => {
      const started = Date.now();
      const { code, output } = await run(process.execPath, args, { cwd: root });
      log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} ${((Date.now() - started) / 1000).toFixed(1)} s`);
      if (code !== 0) log(output.trimEnd());
      return code === 0;
    }),
  );
  return results.every(Boolean);
}
