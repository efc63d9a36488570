/** The local server with scripted engines, in a process of its own: what is measured is the server, not its engines. */
import { createFakeBackends } from '../../../src/server/backends/fake';
import { startServer } from '../../../src/server/index';
import { silentLogger } from '../../../src/shared/log';

/** About the length of a spoken answer of two short sentences. */
const ANSWER = 'It is half past three in the afternoon. Shall I remind you of anything?';
const SENTENCE_MS = 1500;
const TTS_RATE = 24_000;

const speech = Int16Array.from({ length: (SENTENCE_MS * TTS_RATE) / 1000 }, (_, i) =>
  Math.round(6000 * Math.sin((2 * Math.PI * 220 * i) / TTS_RATE)),
);

async function main(): Promise<void> {
  const { backends } = createFakeBackends({ speak: () => [speech], ttsSampleRate: TTS_RATE });
  backends.llm = {
    name: 'scripted llm',
    open: () => ({
      async *respond() {
        yield { type: 'text', text: ANSWER };
      },
      close() {},
    }),
  };
  const server = await startServer({
    port: 0,
    token: null,
    backends,
    log: silentLogger,
    version: 'bench',
    // How many it serves is what is looked for.
    limits: { maxSessions: Number.POSITIVE_INFINITY },
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.({ url: server.url });
}

await main();
