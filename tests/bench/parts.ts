import { parts as acoustic } from './acoustic';
import { parts as appCost } from './app-cost';
import { parts as audioPath } from './audio-path';
import type { FigureName, Mode, Part } from './figure';
import { parts as serverLoad } from './server-load';

/** In the order in which they are measured. */
export const parts: readonly Part[] = [...acoustic, ...audioPath, ...serverLoad, ...appCost];

/** The parts of a mode that measure any of `only`; all of the mode's when `only` is null. */
export function chooseParts(
  all: readonly Part[],
  mode: Mode,
  only: readonly FigureName[] | null,
): readonly Part[] {
  return all.filter(
    ({ modes, figures }) =>
      modes.includes(mode) && (only === null || figures.some((name) => only.includes(name))),
  );
}
