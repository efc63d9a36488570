/**
 * Every flow of the protocol against its golden trace, in both dialects. UPDATE_TRACES=1 writes the traces anew; a
 * change of one is a change of the protocol that clients see, so read the difference before it is committed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BETA_SERVER_EVENTS } from '../../src/server/beta-events';
import { SERVER_EVENTS } from '../../src/server/server-events';
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

describe.each(DIALECTS)('in %s', (dialect) => {
  it.each(flowsOf(dialect).map((flow): [string, Flow] => [flow.name, flow]))('%s', async (name, flow) => {
    const { trace, types, problems } = await runFlow(flow, dialect);
    for (const type of types) seen[dialect].add(type);
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
