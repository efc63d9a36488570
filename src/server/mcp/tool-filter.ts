/** Which of a server's tools a client allows, and which of these it wants to be asked about. Pure. */
import type { McpTool } from '../wire/tool-schema';
import type { ListedTool } from './wire-items';

type Filter = Exclude<NonNullable<McpTool['allowed_tools']>, string[]>;

/** `null` and `{}` allow everything, `[]` nothing. */
export function isAllowed(tool: ListedTool, allowed: McpTool['allowed_tools']): boolean {
  if (allowed == null) return true;
  if (Array.isArray(allowed)) return allowed.includes(tool.name);
  return isEmpty(allowed) || matches(tool, allowed);
}

/**
 * The protocol's default is to ask. With filters, a tool runs unasked only when `never` names it and `always` does
 * not: what neither names is asked about.
 */
export function needsApproval(tool: ListedTool, approval: McpTool['require_approval']): boolean {
  if (approval == null || approval === 'always') return true;
  if (approval === 'never') return false;
  const named = (filter: Filter | undefined) =>
    filter !== undefined && !isEmpty(filter) && matches(tool, filter);
  return named(approval.always) || !named(approval.never);
}

function isEmpty({ read_only, tool_names }: Filter): boolean {
  return read_only === undefined && tool_names === undefined;
}

/** A tool is read-only when its server says so; what it does not say counts as writing. */
function matches(tool: ListedTool, { read_only, tool_names }: Filter): boolean {
  if (tool_names !== undefined && !tool_names.includes(tool.name)) return false;
  return read_only === undefined || read_only === (tool.annotations?.readOnlyHint === true);
}
