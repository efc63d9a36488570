/** Which file of the built page a URL of our own scheme names. */
import { extname, join, normalize, sep } from 'node:path';

export const APP_SCHEME = 'parley';
export const APP_ORIGIN = `${APP_SCHEME}://app`;

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The file below `root` that `url` names, or null when it is another host, type or outside `root`. */
export function resolveAppFile(root: string, url: string): { path: string; contentType: string } | null {
  let pathname: string;
  try {
    const parsed = new URL(url);
    if (parsed.protocol !== `${APP_SCHEME}:` || parsed.host !== 'app') return null;
    pathname = decodeURIComponent(parsed.pathname);
  } catch {
    return null;
  }
  const path = normalize(join(root, pathname === '/' ? 'index.html' : pathname));
  const contentType = CONTENT_TYPES[extname(path)];
  if (!path.startsWith(root + sep) || !contentType || path.includes('\0')) return null;
  return { path, contentType };
}
