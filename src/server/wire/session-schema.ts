/** The parts of `session.update` and what they may hold (REALTIME: the session object). Unknown fields are refused. */
import { z } from 'zod';
import { toolChoiceSchema, toolsSchema } from './tool-schema';

export const formatSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('audio/pcm'), rate: z.literal(24_000).optional() }),
  z.strictObject({ type: z.literal('audio/pcmu') }),
  z.strictObject({ type: z.literal('audio/pcma') }),
]);

export const voiceSchema = z.union([z.string().min(1), z.strictObject({ id: z.string().min(1) })]);

export const outputModalitiesSchema = z
  .array(z.enum(['text', 'audio']))
  .length(1, { message: "exactly one modality is possible: ['audio'] or ['text']" });

export const maxOutputTokensSchema = z.union([z.number().int().min(1).max(4096), z.literal('inf')], {
  error: "it must be a whole number from 1 to 4096, or 'inf'",
});

export const reasoningSchema = z.strictObject({
  effort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});

export const promptSchema = z
  .strictObject({
    id: z.string(),
    version: z.string().nullable().optional(),
    variables: z.record(z.string(), z.unknown()).nullable().optional(),
  })
  .nullable();

const noiseReductionSchema = z
  .strictObject({
    type: z.enum(['near_field', 'far_field']).optional(),
    strength: z.number().min(0).optional(),
  })
  .nullable();

const transcriptionSchema = z
  .strictObject({
    model: z.string().optional(),
    language: z.string().optional(),
    languages: z.array(z.string()).optional(),
    keywords: z.array(z.string()).optional(),
    prompt: z.string().optional(),
    delay: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
  })
  .nullable();

const turnResponse = {
  create_response: z.boolean().optional(),
  interrupt_response: z.boolean().optional(),
};

const turnDetectionSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('server_vad'),
      threshold: z.number().min(0).max(1).optional(),
      prefix_padding_ms: z.number().int().min(0).max(10_000).optional(),
      silence_duration_ms: z.number().int().min(0).max(10_000).optional(),
      idle_timeout_ms: z.number().int().min(5_000).max(30_000).nullable().optional(),
      ...turnResponse,
    }),
    z.strictObject({
      type: z.literal('semantic_vad'),
      eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional(),
      ...turnResponse,
    }),
  ])
  .nullable();

const inputSchema = z.strictObject({
  format: formatSchema.optional(),
  noise_reduction: noiseReductionSchema.optional(),
  transcription: transcriptionSchema.optional(),
  turn_detection: turnDetectionSchema.optional(),
});

const outputSchema = z.strictObject({
  format: formatSchema.optional(),
  voice: voiceSchema.optional(),
  speed: z.number().min(0.25).max(1.5).optional(),
});

const includeSchema = z.array(z.enum(['item.input_audio_transcription.logprobs']));

const tracingSchema = z.union([
  z.literal('auto'),
  z.null(),
  z.strictObject({
    workflow_name: z.string().optional(),
    group_id: z.string().optional(),
    metadata: z.unknown().optional(),
  }),
]);

const truncationSchema = z.union([
  z.enum(['auto', 'disabled']),
  z.strictObject({
    type: z.literal('retention_ratio'),
    retention_ratio: z.number().min(0).max(1),
    token_limits: z.strictObject({ post_instructions: z.number().int().min(0).optional() }).optional(),
  }),
]);

export const realtimePatchSchema = z.strictObject({
  type: z.literal('realtime'),
  model: z.string().optional(),
  output_modalities: outputModalitiesSchema.optional(),
  instructions: z.string().optional(),
  audio: z.strictObject({ input: inputSchema.optional(), output: outputSchema.optional() }).optional(),
  tools: toolsSchema.optional(),
  tool_choice: toolChoiceSchema.optional(),
  parallel_tool_calls: z.boolean().nullable().optional(),
  reasoning: reasoningSchema.nullable().optional(),
  max_output_tokens: maxOutputTokensSchema.optional(),
  truncation: truncationSchema.optional(),
  tracing: tracingSchema.optional(),
  prompt: promptSchema.optional(),
  include: includeSchema.nullable().optional(),
});

export const transcriptionPatchSchema = z.strictObject({
  type: z.literal('transcription'),
  audio: z.strictObject({ input: inputSchema.optional() }).optional(),
  include: includeSchema.nullable().optional(),
});

export const sessionPatchSchema = z.discriminatedUnion('type', [
  realtimePatchSchema,
  transcriptionPatchSchema,
]);

export type RealtimePatch = z.output<typeof realtimePatchSchema>;
export type SessionPatch = z.output<typeof sessionPatchSchema>;
export type InputPatch = z.output<typeof inputSchema>;
