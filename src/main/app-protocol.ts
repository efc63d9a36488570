/** The page's own scheme: standard and secure, so worklet modules load under `script-src 'self'`; the CSP is a header. */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';

const SCHEME = 'parley';
export const APP_ORIGIN = `${SCHEME}://app`;

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "worker-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** The file below `root` that `url` names, or null when it is another host, type or outside `root`. */
export function resolveAppFile(root: string, url: string): { path: string; contentType: string } | null {
  let pathname: string;
  try {
    const parsed = new URL(url);
    if (parsed.protocol !== `${SCHEME}:` || parsed.host !== 'app') return null;
    pathname = decodeURIComponent(parsed.pathname);
  } catch {
    return null;
  }
  const path = normalize(join(root, pathname === '/' ? 'index.html' : pathname));
  const contentType = CONTENT_TYPES[extname(path)];
  if (!path.startsWith(root + sep) || !contentType || path.includes('\0')) return null;
  return { path, contentType };
}

/** Serves the files below `root` to the page. Call when the app is ready. */
export function serveApp(root: string): void {
  protocol.handle(SCHEME, async (request) => {
    const file = resolveAppFile(root, request.url);
    if (!file || request.method !== 'GET') return new Response('Not found', { status: 404 });
    try {
      return new Response(await readFile(file.path), {
        headers: {
          'content-type': file.contentType,
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
        },
      });
    } catch (cause) {
      const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
      return new Response(missing ? 'Not found' : 'Unreadable', { status: missing ? 404 : 500 });
    }
  });
}
