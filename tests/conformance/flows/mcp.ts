/** MCP tools, which the server runs itself. REALTIME 7.2 and 5.1. */
import type { LlmPart } from '../../../src/server/backends';
import { type Flow, type FlowServer, respond, say, send, until, update } from '../flow';
import { startSkyServer } from '../sky-server';

async function withMcp(): Promise<FlowServer> {
  const { url, close } = await startSkyServer();
  return { options: {}, values: { mcp: url }, close };
}

const tools = (fields: object) => [
  { type: 'mcp', server_label: 'sky', server_url: '{{mcp}}', require_approval: 'never', ...fields },
];

const call = (name: string, args: object): LlmPart => ({
  type: 'tool-call',
  callId: `call_${name}`,
  name,
  arguments: JSON.stringify(args),
});

const approve = (approval_request_id: string, fields: object) =>
  send({
    type: 'conversation.item.create',
    item: { id: 'my_word', type: 'mcp_approval_response', approval_request_id, ...fields },
  });

const mcp = (flow: Omit<Flow, 'dialects' | 'server'> & Partial<Flow>): Flow => ({
  dialects: ['ga'],
  server: withMcp,
  ...flow,
});

export const mcpFlows: readonly Flow[] = [
  mcp({
    name: 'mcp-call',
    title: 'An MCP server is named, its tools are listed, one is called, and the client asks for the answer',
    script: { answers: [[call('weather', { city: 'Paris' })], ['Sunny.']] },
    steps: [
      update({ tools: tools({}) }),
      until('mcp_list_tools.completed'),
      say('Weather in Paris?'),
      respond({ output_modalities: ['text'] }),
      until('response.mcp_call.completed'),
      until('response.done'),
      respond({ output_modalities: ['text'] }),
      until('response.done'),
    ],
  }),
  mcp({
    name: 'mcp-call-failed',
    title: 'An MCP tool that fails',
    script: { answers: [[call('break', {})]] },
    steps: [
      update({ tools: tools({ allowed_tools: ['break'] }) }),
      until('mcp_list_tools.completed'),
      respond({ output_modalities: ['text'] }),
      until('response.mcp_call.failed'),
      until('response.done'),
    ],
  }),
  mcp({
    name: 'mcp-approval',
    title: 'An MCP tool that needs approval, which is given',
    script: { answers: [[call('weather', { city: 'Paris' })], ['Sunny.']] },
    steps: [
      update({ tools: tools({ require_approval: 'always' }) }),
      until('mcp_list_tools.completed'),
      respond({ output_modalities: ['text'] }),
      until('response.done'),
      approve('mcpr_1', { approve: true }),
      until('response.mcp_call.completed'),
      respond({ output_modalities: ['text'] }),
      until('response.done'),
    ],
  }),
  mcp({
    name: 'mcp-approval-refused',
    title: 'An MCP tool that needs approval, which is refused',
    script: { answers: [[call('weather', { city: 'Paris' })]] },
    steps: [
      update({ tools: tools({ require_approval: { always: { tool_names: ['weather'] } } }) }),
      until('mcp_list_tools.completed'),
      respond({ output_modalities: ['text'] }),
      until('response.done'),
      approve('mcpr_1', { approve: false, reason: 'Not now.' }),
      until('response.mcp_call.failed'),
    ],
  }),
  mcp({
    name: 'mcp-list-failed',
    title: 'An MCP server that cannot be reached: the list fails, the session lives on',
    steps: [
      update({ tools: tools({ server_url: 'http://127.0.0.1:9/mcp' }) }),
      until('mcp_list_tools.failed'),
      say('Hello.'),
      respond({ output_modalities: ['text'] }),
      until('response.done'),
    ],
  }),
];
