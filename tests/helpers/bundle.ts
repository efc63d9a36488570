import { build } from 'vite';

/** One of our modules with all it imports, as it would be shipped: CommonJS text for a bare thread or process. */
export async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, ssr: entry, minify: false, rolldownOptions: { output: { format: 'cjs' } } },
  });
  const [result] = [built].flat();
  if (!result || !('output' in result)) throw new Error(`nothing was built from ${entry}`);
  return result.output[0].code;
}
