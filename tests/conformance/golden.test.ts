/**
 * Every flow of the protocol against its golden trace, in both dialects. UPDATE_TRACES=1 writes the traces anew; a
 * change of one is a change of the protocol that clients see, so read the difference before it is committed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BETA_SERVER_EVENTS } from '../../src/server/beta/events';
import { SERVER_EVENTS } from '../../src/server/wire/server-events';
import { betaName } from './beta-client';
import { DIALECTS } from './coverage';
import type { Flow } from './flow';
import { FLOWS } from './flows';
import { runFlow } from './run-flow';
import type { Dialect } from './schema/derive';
import { validatorOf } from './schema/validate';

const folder = fileURLToPath(new URL('./traces/', import.meta.url));
const updating = process.env.UPDATE_TRACES === '1';

const flowsOf = (dialect: Dialect) => FLOWS.filter(({ dialects }) => dialects?.includes(dialect) ?? true);

/** Types that the flows of a dialect brought. */
const seen: Record<Dialect, Set<string>> = { ga: new Set(), beta: new Set() };
const ran: Record<Dialect, number> = { ga: 0, beta: 0 };
/** Sound and its words mix freely. */
const MIXED = /^response\..*audio(_transcript)?\.delta$/u;
/** What the server said in each flow, by type, in order. */
const told: Record<Dialect, Map<string, string[]>> = { ga: new Map(), beta: new Map() };

describe.each(DIALECTS)('in %s', (dialect) => {
  it.each(flowsOf(dialect).map((flow): [string, Flow] => [flow.name, flow]))('%s', async (name, flow) => {
    const { trace, types, problems } = await runFlow(flow, dialect);
    for (const type of types) seen[dialect].add(type);
    told[dialect].set(
      name,
      types.filter((type) => !MIXED.test(type)),
    );
    ran[dialect]++;
    compare(join(folder, dialect, `${name}.txt`), trace);
    expect(problems, 'events that are not as the published types say').toEqual([]);
  });

  it('has a trace for each flow and no other', () => {
    const files = readdirSync(join(folder, dialect)).sort();
    expect(files).toEqual(
      flowsOf(dialect)
        .map(({ name }) => `${name}.txt`)
        .sort(),
    );
  });

  it('sends every event that the table says is sent', ({ task, skip }) => {
    if (ran[dialect] < flowsOf(dialect).length) skip('only some of the flows ran');
    const table: Record<string, string> = dialect === 'ga' ? SERVER_EVENTS : BETA_SERVER_EVENTS;
    const union = validatorOf(dialect, 'server').types;
    expect(Object.keys(table).sort()).toEqual([...union].sort());
    const sent = union.filter((type) => ['supported', 'differs'].includes(table[type] ?? ''));
    expect(
      sent.filter((type) => !seen[dialect].has(type)),
      'in no flow',
    ).toEqual([]);
    expect(
      [...seen[dialect]].filter((type) => !sent.includes(type)),
      'sent, but not by the table',
    ).toEqual([]);
    task.meta.conformance = { dialect, events: seen[dialect].size, union: union.length, flows: ran[dialect] };
  });
});

it('leaves out only what has no place on a WebSocket, or that the service does not send either', () => {
  const unsent = Object.entries(SERVER_EVENTS).filter(
    ([, support]) => !['supported', 'differs'].includes(support),
  );
  expect(unsent).toEqual(
    [
      'conversation.created',
      'conversation.item.created',
      'input_audio_buffer.dtmf_event_received',
      'output_audio_buffer.started',
      'output_audio_buffer.stopped',
      'output_audio_buffer.cleared',
    ].map((type) => [type, 'never']),
  );
});

it('tells the same in both dialects, event by event', ({ skip }) => {
  const both = flowsOf('ga').filter((flow) => flowsOf('beta').includes(flow));
  if (both.some(({ name }) => told.ga.get(name) === undefined || told.beta.get(name) === undefined))
    skip('only some of the flows ran');
  for (const { name, connect } of both) {
    const transcribes = connect?.query?.includes('intent=transcription') ?? false;
    const ga = told.ga.get(name) ?? [];
    const translated = ga
      .filter((type) => !ONLY_GA.includes(type))
      .map((type) => betaName(type, transcribes));
    const beta = told.beta.get(name) ?? [];
    expect(
      beta.filter((type) => !ONLY_BETA.includes(type)),
      name,
    ).toEqual(translated);
  }
});

/** `conversation.item.created` said it already; segments came later. */
const ONLY_GA = ['conversation.item.done', 'conversation.item.input_audio_transcription.segment'];
const ONLY_BETA = ['conversation.created'];

function compare(file: string, trace: string): void {
  if (updating) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, trace);
    return;
  }
  const golden = existsSync(file) ? readFileSync(file, 'utf8') : '';
  expect(fieldByField(trace), `${file} differs; UPDATE_TRACES=1 writes it anew`).toBe(fieldByField(golden));
}

/** One line for each field, so that a difference is the line of the field that differs. */
function fieldByField(trace: string): string {
  return trace.replace(/^([<>]) (\{.*\})$/gmu, (line, mark: string, json: string) => {
    try {
      return `${mark} ${JSON.stringify(JSON.parse(json), null, 2)}`;
    } catch {
      // A frame that is not JSON is one of the things that flows try.
      return line;
    }
  });
}
