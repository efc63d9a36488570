/** Tools as clients name them, in a session and in one response (REALTIME: the session object). */
import { z } from 'zod';

const functionToolSchema = z.strictObject({
  type: z.literal('function'),
  name: z.string().min(1),
  description: z.string().optional(),
  parameters: z.unknown().optional(),
});

const toolFilterSchema = z.strictObject({
  read_only: z.boolean().optional(),
  tool_names: z.array(z.string()).optional(),
});

const mcpToolSchema = z
  .strictObject({
    type: z.literal('mcp'),
    server_label: z.string().min(1),
    server_url: z.url({ protocol: /^https?$/u, error: 'it must be an http or https URL' }).optional(),
    connector_id: z.string().optional(),
    tunnel_id: z.string().optional(),
    authorization: z.string().optional(),
    headers: z.record(z.string(), z.string()).nullable().optional(),
    allowed_tools: z
      .union([z.array(z.string()), toolFilterSchema])
      .nullable()
      .optional(),
    require_approval: z
      .union([
        z.enum(['always', 'never']),
        z.strictObject({ always: toolFilterSchema.optional(), never: toolFilterSchema.optional() }),
      ])
      .nullable()
      .optional(),
    allowed_callers: z
      .array(z.enum(['direct', 'programmatic']))
      .nullable()
      .optional(),
    defer_loading: z.boolean().optional(),
    server_description: z.string().optional(),
  })
  .superRefine(({ server_url, connector_id, tunnel_id }, context) => {
    if (server_url !== undefined) return;
    const path = connector_id !== undefined ? 'connector_id' : tunnel_id !== undefined ? 'tunnel_id' : null;
    const message = 'connectors and tunnels live at OpenAI; this server reaches MCP servers by server_url';
    context.addIssue({ code: 'custom', path: [path ?? 'server_url'], message });
  });

export const toolsSchema = z.array(z.discriminatedUnion('type', [functionToolSchema, mcpToolSchema]));

export const toolChoiceSchema = z.union(
  [
    z.enum(['auto', 'none', 'required']),
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('function'), name: z.string().min(1) }),
      z.strictObject({
        type: z.literal('mcp'),
        server_label: z.string().min(1),
        name: z.string().min(1).nullable().optional(),
      }),
    ]),
  ],
  { error: "it must be 'auto', 'none', 'required', or name a function or an MCP server" },
);

export type FunctionTool = z.output<typeof functionToolSchema>;
export type McpTool = z.output<typeof mcpToolSchema>;
export type Tools = z.output<typeof toolsSchema>;
export type ToolChoice = z.output<typeof toolChoiceSchema>;
