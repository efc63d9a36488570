import { expect, it } from 'vitest';
import { StageTimes } from '../../src/server/stage-times';
import type { TraceFacts } from '../../src/server/trace';

type Step = [atMs: number, what: TraceFacts | 'response'];
const end: TraceFacts = { kind: 'speech-end', audioMs: 1000 };
const turnEnd: TraceFacts = { kind: 'turn-end', audioMs: 1000, silenceMs: 480 };
const told = (
  kind: 'transcript' | 'llm-first' | 'tts-first' | 'audio-sent',
  prepared = false,
): TraceFacts => ({ kind, prepared });

/** What a turn took, stage by stage. */
function timesOf(steps: Step[]): Array<[string, number]> {
  const times = new StageTimes();
  return steps.flatMap(([atMs, what]): Array<[string, number]> => {
    if (what === 'response') {
      times.onResponse(atMs);
      return [];
    }
    const done = times.on(what, atMs);
    return done === null ? [] : [[done.stage, done.ms]];
  });
}

const cases: Array<[name: string, steps: Step[], expected: Array<[string, number]>]> = [
  [
    'a detected turn',
    [
      [0, end],
      [500, turnEnd],
      [620, told('transcript')],
      [630, 'response'],
      [700, told('llm-first')],
      [790, told('tts-first')],
      [800, told('audio-sent')],
    ],
    [
      ['endpoint', 480],
      ['stt', 620],
      ['llm', 80],
      ['tts', 90],
      ['answer', 800],
    ],
  ],
  [
    'an answer that was made in advance',
    [
      [0, end],
      [50, told('transcript', true)],
      [60, told('llm-first', true)],
      [90, told('tts-first', true)],
      [500, turnEnd],
      [501, told('transcript')],
      [502, 'response'],
      [503, told('audio-sent', true)],
    ],
    [
      ['stt', 50],
      ['llm', 10],
      ['tts', 30],
      ['endpoint', 480],
      ['answer', 503],
    ],
  ],
  [
    'the user goes on',
    [
      [0, end],
      [50, told('transcript', true)],
      [60, told('llm-first', true)],
      [100, { kind: 'speech-resumed' }],
      [1000, end],
      [1500, turnEnd],
      [1600, told('transcript')],
    ],
    [
      ['stt', 50],
      ['llm', 10],
      ['endpoint', 480],
      ['stt', 600],
    ],
  ],
  [
    'a typed question',
    [
      [0, 'response'],
      [40, told('llm-first')],
      [70, told('tts-first')],
      [75, told('audio-sent')],
    ],
    [
      ['llm', 40],
      ['tts', 30],
      ['answer', 75],
    ],
  ],
  [
    'a typed question after a spoken one that was answered in text',
    [
      [0, end],
      [500, turnEnd],
      [600, told('transcript')],
      [610, 'response'],
      [650, told('llm-first')],
      [90_000, 'response'],
      [90_040, told('llm-first')],
      [90_075, told('audio-sent')],
    ],
    [
      ['endpoint', 480],
      ['stt', 600],
      ['llm', 50],
      ['llm', 40],
      ['answer', 75],
    ],
  ],
  [
    'sound without a beginning',
    [
      [5, told('tts-first')],
      [6, told('audio-sent')],
    ],
    [],
  ],
];

it.each(cases)('%s', (_name, steps, expected) => {
  expect(timesOf(steps)).toEqual(expected);
});
