// @vitest-environment node
/** The audio thread makes no garbage: bytes of heap a call, counted in a process of its own. */
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../helpers/bundle';

let bytesPerCall: Record<string, number> = {};

beforeAll(async () => {
  const [playback, allocate] = await Promise.all(
    ['src/renderer/audio/playback.worklet.ts', 'tests/helpers/audio-lines.ts'].map(bundle),
  );
  // New space large enough that nothing is collected while it is counted.
  const flags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];
  const printed = execFileSync(process.execPath, [...flags, 'tests/renderer/audio/heap-growth.cjs'], {
    input: JSON.stringify({ playback, allocate }),
    encoding: 'utf8',
  });
  bytesPerCall = JSON.parse(printed) as Record<string, number>;
}, 60_000);

describe('process in steady state', () => {
  it.each(['playback, silence', 'playback, sound', 'playback, ducked and recorded'])(
    'allocates nothing: %s',
    (name) => {
      expect(bytesPerCall[name]).toBeLessThan(1);
    },
  );

  it.each(['wasteful playback'])('and one small object a call would show: %s', (name) => {
    expect(bytesPerCall[name]).toBeGreaterThan(10);
  });
});
