/** A chat-completions server that answers anything with a text of the length the bench asks for. Imports nothing of `src`. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

export interface ChatServer {
  /** What goes into `llm.baseUrl` of the settings. */
  baseUrl: string;
  /** Sentences of the answers from now on; spoken, one takes about five seconds. */
  sentences: number;
  /** Answers given so far. */
  readonly answers: number;
  close(): Promise<void>;
}

/** Each is said in one breath, so that an answer has few pauses an interruption could fall into. */
const SUBJECTS = [
  'the old harbour',
  'the night train',
  'our small garden',
  'the market hall',
  'a long letter',
];
const VERBS = [
  'carries the people of the town',
  'shows what the winter left over',
  'brings more than anyone hoped',
];
const ENDS = [
  'along the river and over the hills',
  'before the morning light comes in',
  'and nobody wonders why',
];

/** Sentence `index` of an answer that never repeats itself soon. */
export function sentence(index: number): string {
  const pick = (list: string[], i: number): string => list[i % list.length] as string;
  const text = `${pick(SUBJECTS, index)} ${pick(VERBS, index + Math.floor(index / 5))} ${pick(ENDS, index + Math.floor(index / 3))}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export async function openChatServer(): Promise<ChatServer> {
  let sentences = 8;
  let answers = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      if (request.method !== 'POST') {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ object: 'list', data: [{ id: 'scripted', object: 'model' }] }));
        return;
      }
      answers += 1;
      answer(response, sentences);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    get sentences() {
      return sentences;
    },
    set sentences(count) {
      sentences = count;
    },
    get answers() {
      return answers;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, sentences: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (delta: object, finish: string | null): void => {
    const choice = { index: 0, delta, finish_reason: finish };
    response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [choice] })}\n\n`);
  };
  for (let i = 0; i < sentences; i++) chunk({ content: `${sentence(i)} ` }, null);
  chunk({}, 'stop');
  response.end('data: [DONE]\n\n');
}
