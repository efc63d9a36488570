/** The runtime check of what the page asks for; the types are the same schemas (`shared/ipc.ts`). */
import type { z } from 'zod';
import { type CommandName, commandSchemas } from '../shared/ipc';

export type CheckedCommand =
  | { ok: true; name: CommandName; argument: unknown }
  | { ok: false; reason: string };

/** Checks a command's name and payload; the reason names fields but never repeats values, which may be secret. */
export function checkCommand(name: unknown, argument: unknown): CheckedCommand {
  if (typeof name !== 'string' || !Object.hasOwn(commandSchemas, name)) {
    return { ok: false, reason: 'unknown command' };
  }
  const schema: z.ZodType = commandSchemas[name as CommandName];
  const parsed = schema.safeParse(argument);
  if (parsed.success) return { ok: true, name: name as CommandName, argument: parsed.data };
  const fields = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'argument'}: ${issue.code}`);
  return { ok: false, reason: `${name}: ${fields.join(', ')}` };
}
