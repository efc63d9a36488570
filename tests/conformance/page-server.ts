/** A web site of its own origin: an empty page, the browser build of the Agents client, and a bundle of ours. */
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { build } from 'vite';
import { root } from '../../scripts/root.mjs';

export interface PageServer {
  origin: string;
  close(): Promise<void>;
}

const AGENTS = join(root, 'node_modules', '@openai', 'agents-realtime', 'dist', 'bundle');

/** `/agents/…` is the package's own browser build, as it is; `/openai.mjs` the `openai` package as a page bundles it. */
export async function servePages(): Promise<PageServer> {
  const openai = await bundleForPages(join(root, 'tests', 'conformance', 'browser-modules.ts'));
  const serve = async (path: string, response: ServerResponse) => {
    if (path === '/') return send(response, 'text/html', '<!doctype html><title>page</title>');
    if (path === '/openai.mjs') return send(response, 'text/javascript', openai);
    if (!path.startsWith('/agents/')) return response.writeHead(404).end();
    return send(response, 'text/javascript', await readFile(join(AGENTS, basename(path))));
  };
  const http = createServer((request, response) => {
    serve(request.url ?? '/', response).catch(() => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { 'content-type': type }).end(body);
}

async function bundleForPages(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry, formats: ['es'] } },
  });
  const [result] = [built].flat();
  if (!result || !('output' in result)) throw new Error(`nothing was built from ${entry}`);
  return result.output[0].code;
}
