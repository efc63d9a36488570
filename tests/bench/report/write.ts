/** Writes the documents of a run into docs. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../../scripts/stamp.mjs';
import { benchmarksPage, type PageInput, plotOf } from './page';
import { plotSvg } from './plot';

export function writeDocuments(input: PageInput & { root: string }): void {
  const docs = join(input.root, 'docs');
  const pictures = join(docs, 'bench');
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  for (const measurement of input.measurements) {
    const plot = plotOf(measurement);
    if (plot) writeAtomically(join(pictures, `${measurement.name}.svg`), plotSvg(plot));
  }
  writeAtomically(join(docs, 'BENCHMARKS.md'), benchmarksPage(input));
  writeAtomically(join(docs, 'benchmarks.json'), `${JSON.stringify(input.document, null, 2)}\n`);
}
