/** The session object on the wire (REALTIME: the session object). Pure. */
import type { RealtimeSessionConfig } from '../../shared/realtime';
import type { SessionConfig } from './session-config';
import type { Tools } from './tool-schema';
import { toWireFormat } from './wire-audio';

/** The whole effective session as `session.created` and `session.updated` carry it. */
export function toWireSession(config: SessionConfig): RealtimeSessionConfig {
  const input = {
    format: toWireFormat(config.inputFormat),
    transcription: config.transcription,
    noise_reduction: config.noiseReduction,
    turn_detection: config.turnDetection,
  };
  const wire =
    config.kind === 'transcription'
      ? {
          type: 'transcription',
          object: 'realtime.transcription_session',
          id: config.id,
          expires_at: config.expiresAt,
          audio: { input },
          include: config.include ?? [],
        }
      : {
          type: 'realtime',
          object: 'realtime.session',
          id: config.id,
          expires_at: config.expiresAt,
          model: config.model,
          output_modalities: [config.outputModality],
          instructions: config.instructions,
          audio: {
            input,
            output: { format: toWireFormat(config.outputFormat), voice: config.voice, speed: config.speed },
          },
          tools: config.tools.map(withoutCredentials),
          tool_choice: config.toolChoice,
          max_output_tokens: config.maxOutputTokens,
          truncation: config.truncation,
          tracing: config.tracing,
          prompt: config.prompt,
          ...(config.parallelToolCalls === null ? {} : { parallel_tool_calls: config.parallelToolCalls }),
          ...(config.reasoning === null ? {} : { reasoning: config.reasoning }),
          ...(config.include === null ? {} : { include: config.include }),
        };
  // The type of the update does not name what only the server says (id, object) nor the nulls it says it with.
  return wire as unknown as RealtimeSessionConfig;
}

/** A session may be set up by one party, with its keys to an MCP server, and used by another. */
function withoutCredentials(tool: Tools[number]): Tools[number] {
  if (tool.type !== 'mcp') return tool;
  const { authorization: _authorization, headers: _headers, ...shown } = tool;
  return shown;
}
