import { onTestFinished } from 'vitest';
import type { FakeScript } from '../../src/server/backends/fake';
import { startTestServer, TestClient, type TestServer } from './server-client';

/** A server with scripted engines and a client that has a session there; both are closed when the test is over. */
export async function openSession(
  script: FakeScript = {},
  query = '',
  options?: Parameters<typeof TestClient.open>[1],
): Promise<{ server: TestServer; client: TestClient }> {
  const server = await startTestServer(script);
  onTestFinished(() => server.close());
  const client = await TestClient.open(server.url + query, options);
  // Before the server: what is done last is undone first.
  onTestFinished(() => client.close());
  return { server, client };
}
