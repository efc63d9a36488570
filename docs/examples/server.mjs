/**
 * A Realtime server inside another program: `node docs/examples/server.mjs [port]`. Build Parley first (`npm run build`).
 */
import { createBackends, createLogger, formatLogEntry, startServer } from 'parley/server';

const log = createLogger((entry) => process.stderr.write(`${formatLogEntry(entry)}\n`), 'warn');

const backends = await createBackends({ modelsDir: 'models', stateDir: null, llm: { kind: 'builtin' } }, log);
const server = await startServer({
  port: Number(process.argv[2] ?? 8765),
  token: null,
  backends,
  log,
  version: '1.0.0',
  metrics: true,
  limits: { maxSessions: 4 },
});
process.stdout.write(`${server.url}\n`);

process.once('SIGTERM', async () => {
  await server.close();
  await backends.close();
  process.exit(0);
});
