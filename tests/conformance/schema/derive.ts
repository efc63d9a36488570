/**
 * JSON Schemas of the wire, derived from the types of the `openai` package: one for each event of a union. They are
 * derived when they are first needed and kept in .cache, under a name that changes with what they are derived from.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

export type Dialect = 'ga' | 'beta';
export type Side = 'server' | 'client';

/** As much of JSON Schema as the generator uses here; everything is inline, there are no references. */
export interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  not?: Schema;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const realtime = join(root, 'node_modules', 'openai', 'resources', 'realtime', 'realtime.d.ts');
const beta = join(root, 'node_modules', 'openai', 'resources', 'beta', 'realtime', 'realtime.d.ts');

const SOURCES: Record<Dialect, string> = { ga: realtime, beta };
const TYPES: Record<Side, string> = { server: 'RealtimeServerEvent', client: 'RealtimeClientEvent' };

/** The schema of each event that `side` may send, by its type. What a type does not name is refused. */
export function eventSchemas(dialect: Dialect, side: Side): Map<string, Schema> {
  const union = cached(SOURCES[dialect], TYPES[side]);
  const events = (union.anyOf ?? []).map((schema): [string, Schema] => {
    const type = schema.properties?.type?.const;
    if (typeof type !== 'string') throw new Error(`An event of ${TYPES[side]} has no literal type.`);
    return [type, schema];
  });
  if (events.length === 0) throw new Error(`${TYPES[side]} is no union of events.`);
  const schemas = new Map(events);
  // The union leaves out that a response's input may refer to items; the package has another type for it.
  if (dialect === 'ga' && side === 'client') {
    schemas.set('response.create', cached(realtime, 'ResponseCreateEventWithReferencesParam'));
  }
  return schemas;
}

function cached(path: string, type: string): Schema {
  const manifest = readFileSync(join(root, 'node_modules', 'ts-json-schema-generator', 'package.json'));
  const hash = createHash('sha256').update(readFileSync(path)).update(manifest).update(type).update(VERSION);
  const file = join(root, '.cache', 'conformance', `${type}-${hash.digest('hex').slice(0, 16)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const schema = derive(path, type);
  mkdirSync(dirname(file), { recursive: true });
  // Other test files may derive the same at the same time.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(schema));
  renameSync(own, file);
  return schema;
}

/** To be raised when what `derive` asks of the generator changes. */
const VERSION = '1';

function derive(path: string, type: string): Schema {
  const generator = createGenerator({
    path,
    type,
    tsconfig: join(root, 'tsconfig.tests.json'),
    // The package's own tests check its types.
    skipTypeCheck: true,
    // Everything inline: nested namespaces use the same names for different types.
    expose: 'none',
    topRef: false,
    jsDoc: 'none',
    additionalProperties: false,
  });
  return generator.createSchema(type) as Schema;
}
