import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { handlers } from '../../src/server/handlers';
import { SERVER_EVENTS } from '../../src/server/server-events';

const folder = fileURLToPath(new URL('../../src/server/', import.meta.url));
const readme = readFileSync(`${folder}README.md`, 'utf8');

/** Rows of the table below `heading`: event and support. */
function table(heading: string): Record<string, string> {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| `([^`]+)` \| ([a-z ]+) \|/gmu)];
  return Object.fromEntries(rows.map(([, event, support]) => [event, support]));
}

describe('the table of events in the README', () => {
  it('names exactly the client events that have a handler', () => {
    expect(Object.keys(table('Client events')).sort()).toEqual(Object.keys(handlers).sort());
  });

  it('says of each server event what the code says', () => {
    expect(table('Server events')).toEqual(SERVER_EVENTS);
  });

  it('calls an event sent only if the code sends it', () => {
    const code = readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && file !== 'server-events.ts')
      .map((file) => readFileSync(`${folder}${file}`, 'utf8'))
      .join('\n');
    const sent = Object.entries(SERVER_EVENTS).filter(([, support]) =>
      ['supported', 'differs'].includes(support),
    );
    expect(sent.map(([event]) => event).filter((event) => !code.includes(`'${event}'`))).toEqual([]);
    const unsent = Object.entries(SERVER_EVENTS).filter(([, support]) =>
      ['not yet', 'never'].includes(support),
    );
    expect(unsent.map(([event]) => event).filter((event) => code.includes(`type: '${event}'`))).toEqual([]);
  });
});
