/** Items that a client may create (REALTIME: items). */
import { z } from 'zod';

const itemFields = {
  id: z.string().min(1).max(200).optional(),
  object: z.literal('realtime.item').optional(),
  status: z.enum(['completed', 'incomplete', 'in_progress']).optional(),
};

const inputTextSchema = z.strictObject({ type: z.literal('input_text'), text: z.string() });

const inputAudioSchema = z.strictObject({
  type: z.literal('input_audio'),
  audio: z.string().optional(),
  transcript: z.string().nullable().optional(),
});

const inputImageSchema = z.strictObject({
  type: z.literal('input_image'),
  image_url: z.string().regex(/^data:image\/(?:png|jpeg|jpg);base64,[A-Za-z0-9+/]+={0,2}$/u, {
    error: 'it must be a data URI of a PNG or JPEG image in base64',
  }),
  detail: z.enum(['auto', 'low', 'high']).optional(),
});

const message = <R extends string, S extends z.ZodType>(role: R, part: S) =>
  z.strictObject({
    type: z.literal('message'),
    role: z.literal(role),
    content: z.array(part),
    ...itemFields,
  });

const messageSchema = z.discriminatedUnion('role', [
  message('system', inputTextSchema),
  message('user', z.discriminatedUnion('type', [inputTextSchema, inputAudioSchema, inputImageSchema])),
  message(
    'assistant',
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('output_text'), text: z.string() }),
      z.strictObject({ type: z.literal('text'), text: z.string() }),
      z.looseObject({ type: z.literal('output_audio') }).refine(() => false, {
        message: 'an assistant message can be created with output_text only, not with audio',
      }),
    ]),
  ),
]);

const mcpCall = {
  name: z.string().min(1),
  arguments: z.string(),
  server_label: z.string().min(1),
  ...itemFields,
};

const mcpCallErrorSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('protocol_error'), code: z.number(), message: z.string() }),
  z.strictObject({ type: z.literal('tool_execution_error'), message: z.string() }),
  z.strictObject({ type: z.literal('http_error'), code: z.number(), message: z.string() }),
]);

export const itemSchema = z.discriminatedUnion('type', [
  messageSchema,
  z.strictObject({
    type: z.literal('function_call'),
    name: z.string().min(1),
    arguments: z.string(),
    call_id: z.string().min(1).optional(),
    ...itemFields,
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    call_id: z.string().min(1),
    output: z.string(),
    ...itemFields,
  }),
  z.strictObject({
    type: z.literal('mcp_approval_response'),
    approval_request_id: z.string().min(1),
    approve: z.boolean(),
    reason: z.string().nullable().optional(),
    ...itemFields,
  }),
  z.strictObject({ type: z.literal('mcp_approval_request'), ...mcpCall }),
  z.strictObject({
    type: z.literal('mcp_call'),
    output: z.string().nullable().optional(),
    error: mcpCallErrorSchema.nullable().optional(),
    approval_request_id: z.string().nullable().optional(),
    ...mcpCall,
  }),
  z.strictObject({
    type: z.literal('mcp_list_tools'),
    server_label: z.string().min(1),
    tools: z.array(
      z.strictObject({
        name: z.string().min(1),
        description: z.string().nullable().optional(),
        input_schema: z.unknown(),
        annotations: z.unknown().optional(),
      }),
    ),
    ...itemFields,
  }),
]);

export const itemReferenceSchema = z.strictObject({ type: z.literal('item_reference'), id: z.string() });

export type NewItem = z.output<typeof itemSchema>;
