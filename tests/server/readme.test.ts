import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BETA_CLIENT_EVENTS, BETA_NAMES, BETA_SERVER_EVENTS } from '../../src/server/beta/events';
import { handlers } from '../../src/server/handlers';
import { SERVER_EVENTS } from '../../src/server/wire/server-events';

const folder = fileURLToPath(new URL('../../src/server/', import.meta.url));
const readme = readFileSync(`${folder}README.md`, 'utf8');

/** Rows of the table below `heading`: event and support. */
function table(heading: string): Record<string, string> {
  const section = readme.split(`# ${heading}\n`)[1]?.split(/\n#+ /u)[0] ?? '';
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
    const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /^(?!beta\/|wire\/server-events).*\.ts$/u.test(file))
      .map((file) => readFileSync(`${folder}${file}`, 'utf8'))
      .join('\n');
    const sent = Object.entries(SERVER_EVENTS).filter(([, support]) =>
      ['supported', 'differs'].includes(support),
    );
    expect(sent.map(([event]) => event).filter((event) => !code.includes(`'${event}'`))).toEqual([]);
    const unsent = Object.entries(SERVER_EVENTS).filter(([, support]) => support === 'never');
    expect(unsent.map(([event]) => event).filter((event) => code.includes(`type: '${event}'`))).toEqual([]);
  });
});

describe('the tables of the older dialect', () => {
  it('say what the code says', () => {
    expect(table('Older client events')).toEqual(BETA_CLIENT_EVENTS);
    expect(table('Older server events')).toEqual(BETA_SERVER_EVENTS);
  });

  it('call an event sent only if an event that is sent becomes it', () => {
    const names: Record<string, string | null> = BETA_NAMES;
    const support: Record<string, string> = SERVER_EVENTS;
    const sent = new Set(
      Object.keys(names)
        .filter((event) => ['supported', 'differs'].includes(support[event] ?? ''))
        .map((event) => names[event]),
    );
    // The dialect's own: a name beside `session.updated`, and one that accompanies `session.created`.
    sent.add('transcription_session.updated').add('conversation.created');
    const claimed = Object.entries(BETA_SERVER_EVENTS).filter(([, value]) => value !== 'never');
    expect(claimed.map(([event]) => event).filter((event) => !sent.has(event))).toEqual([]);
    expect([...sent].filter((event) => event !== null && !claimed.some(([name]) => name === event))).toEqual(
      [],
    );
  });
});
