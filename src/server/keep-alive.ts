import type { WebSocket } from 'ws';

/** As OpenAI does; also keeps proxies and idle timeouts from closing a quiet connection. */
const PING_MS = 20_000;
/** Pings in a row without an answer after which the client is taken for gone. */
const MAX_MISSED_PONGS = 3;

/** Pings the client every 20 s and cuts the connection when it stays silent. Gives the function that stops it. */
export function keepAlive(socket: Pick<WebSocket, 'on' | 'ping' | 'terminate' | 'isPaused'>): () => void {
  let missed = 0;
  socket.on('pong', () => {
    missed = 0;
  });
  const timer = setInterval(() => {
    // Nothing is read from a client that is behind with its own reading, so no answer could come.
    if (socket.isPaused) return;
    if (missed >= MAX_MISSED_PONGS) {
      socket.terminate();
      return;
    }
    missed++;
    socket.ping();
  }, PING_MS);
  timer.unref();
  return () => clearInterval(timer);
}
