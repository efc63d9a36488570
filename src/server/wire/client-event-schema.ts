/** One schema for each client event. Typed over the protocol's union: an event that is missing is a type error. */
import { z } from 'zod';
import type { ClientEventType } from '../../shared/realtime';
import { itemReferenceSchema, itemSchema } from './item-schema';
import {
  formatSchema,
  maxOutputTokensSchema,
  outputModalitiesSchema,
  promptSchema,
  reasoningSchema,
  sessionPatchSchema,
  voiceSchema,
} from './session-schema';
import { toolChoiceSchema, toolsSchema } from './tool-schema';

const responseSchema = z.strictObject({
  conversation: z.enum(['auto', 'none']).optional(),
  input: z.array(z.discriminatedUnion('type', [itemSchema, itemReferenceSchema])).optional(),
  instructions: z.string().optional(),
  output_modalities: outputModalitiesSchema.optional(),
  audio: z
    .strictObject({
      output: z.strictObject({ format: formatSchema.optional(), voice: voiceSchema.optional() }).optional(),
    })
    .optional(),
  tools: toolsSchema.optional(),
  tool_choice: toolChoiceSchema.optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning: reasoningSchema.optional(),
  max_output_tokens: maxOutputTokensSchema.optional(),
  prompt: promptSchema.optional(),
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((pairs) => Object.keys(pairs).length <= 16, { message: 'at most 16 pairs are possible' })
    .nullable()
    .optional(),
});

const event = <T extends ClientEventType, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), event_id: z.string().max(512).optional(), ...shape });

const itemId = z.string();

export const clientEventSchemas = {
  'session.update': event('session.update', { session: sessionPatchSchema }),
  'input_audio_buffer.append': event('input_audio_buffer.append', { audio: z.string() }),
  'input_audio_buffer.commit': event('input_audio_buffer.commit', {}),
  'input_audio_buffer.clear': event('input_audio_buffer.clear', {}),
  'conversation.item.create': event('conversation.item.create', {
    item: itemSchema,
    previous_item_id: z.string().nullable().optional(),
  }),
  'conversation.item.retrieve': event('conversation.item.retrieve', { item_id: itemId }),
  'conversation.item.truncate': event('conversation.item.truncate', {
    item_id: itemId,
    content_index: z.number().int().min(0),
    audio_end_ms: z.number().int().min(0),
  }),
  'conversation.item.delete': event('conversation.item.delete', { item_id: itemId }),
  'response.create': event('response.create', { response: responseSchema.nullable().optional() }),
  'response.cancel': event('response.cancel', { response_id: z.string().optional() }),
  'output_audio_buffer.clear': event('output_audio_buffer.clear', {}),
} satisfies Record<ClientEventType, z.ZodType>;

type Schemas = typeof clientEventSchemas;

/** A client event whose fields have been checked. */
export type ParsedClientEventOf<T extends ClientEventType> = z.output<Schemas[T]>;
export type ParsedClientEvent = { [T in ClientEventType]: ParsedClientEventOf<T> }[ClientEventType];

export type { NewItem } from './item-schema';
export type ResponseParams = z.output<typeof responseSchema>;
