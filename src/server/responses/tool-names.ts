/** Names of MCP tools as an LLM takes them: letters, digits, `_` and `-`, at most 64. Pure. */
const MAX_LENGTH = 64;

/** `name` with what an LLM's API would refuse replaced by `_`. */
export function llmName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/gu, '_').slice(0, MAX_LENGTH);
}

export interface NamedTool {
  serverLabel: string;
  name: string;
}

/**
 * A name for each of `tools`, none twice and none in `taken`. A tool keeps its own name where that is its alone; tools
 * of the same name have the label of their server before it. The order decides, so the same list gets the same names.
 */
export function uniqueNames<T extends NamedTool>(
  tools: readonly T[],
  taken: readonly string[],
): Map<string, T> {
  const counts = new Map<string, number>();
  for (const name of [...taken, ...tools.map((tool) => llmName(tool.name))]) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const isTaken = new Set(counts.keys());
  const named = new Map<string, T>();
  for (const tool of tools) {
    const own = llmName(tool.name);
    const name = counts.get(own) === 1 ? own : unused(`${tool.serverLabel}__${tool.name}`, isTaken);
    isTaken.add(name);
    named.set(name, tool);
  }
  return named;
}

function unused(wanted: string, taken: ReadonlySet<string>): string {
  let name = llmName(wanted);
  for (let count = 2; taken.has(name); count++) {
    const suffix = `_${count}`;
    name = llmName(wanted).slice(0, MAX_LENGTH - suffix.length) + suffix;
  }
  return name;
}
