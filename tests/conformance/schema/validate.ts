/** Says what is wrong with an event, by the types of the `openai` package. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { type Dialect, eventSchemas, type Side } from './derive';
import { DIFFERENCES, withDifference } from './differences';

export interface Validator {
  /** The types of the union, in its order. */
  readonly types: readonly string[];
  /** What is wrong with `event`, a line each; empty when it is as the types say. */
  problems(event: unknown): string[];
}

const validators = new Map<string, Validator>();

/** The validator of everything that `side` says in `dialect`. Made once in a process. */
export function validatorOf(dialect: Dialect, side: Side): Validator {
  const key = `${dialect} ${side}`;
  const validator = validators.get(key) ?? createValidator(dialect, side);
  validators.set(key, validator);
  return validator;
}

function createValidator(dialect: Dialect, side: Side): Validator {
  // `strict` is about how schemas are written, not about what they accept.
  const ajv = new Ajv({ allErrors: true, strict: false });
  const schemas = eventSchemas(dialect, side);
  for (const difference of DIFFERENCES) {
    if (difference.dialect !== dialect || difference.side !== side) continue;
    const known = difference.events.filter((type) => schemas.has(type));
    if (known.length === 0) throw new Error(`No event of the list has ${difference.path}.`);
    for (const type of known) {
      const schema = schemas.get(type);
      if (schema !== undefined) schemas.set(type, withDifference(schema, difference));
    }
  }
  const compiled = new Map<string, ValidateFunction>();
  return {
    types: [...schemas.keys()],
    problems(event) {
      const type = (event as { type?: unknown } | null)?.type;
      const schema = typeof type === 'string' ? schemas.get(type) : undefined;
      if (typeof type !== 'string' || schema === undefined) return [`${String(type)} is no ${side} event`];
      const validate = compiled.get(type) ?? ajv.compile(schema);
      compiled.set(type, validate);
      return validate(event) ? [] : describe(type, validate.errors ?? []);
    },
  };
}

/** Of a union every branch complains; the complaints that are deepest in the event say most. */
function describe(type: string, errors: ErrorObject[]): string[] {
  const depth = ({ instancePath }: ErrorObject) => instancePath.split('/').length;
  const deepest = Math.max(...errors.map(depth));
  const lines = errors
    .filter((error) => depth(error) === deepest || !error.schemaPath.includes('anyOf'))
    .map(
      ({ instancePath, message, params }) => `${type}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  return [...new Set(lines)];
}
