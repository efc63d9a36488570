import type { Problem } from '../shared/ipc';
import { REALTIME_PATH } from '../shared/realtime';

export const OPENAI_BASE_URL = 'wss://api.openai.com/v1';

const SCHEMES: Record<string, string> = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' };

/**
 * The WebSocket URL of a Realtime server, from the base URL a person enters: http(s) or ws(s), a bare origin, with
 * `/v1` or with the whole path. A deeper base path is kept (`https://host/openai/v1`), so is the query; `model` is
 * added unless the query names one already or it is ''. A Problem 'url-invalid' for anything else, also for a URL
 * that carries a user name or password, which a WebSocket cannot send.
 */
export function realtimeUrl(baseUrl: string, model: string): string | Problem {
  const refuse = (detail: string): Problem => ({ code: 'url-invalid', detail });
  let url: URL;
  try {
    url = new URL(baseUrl.trim());
  } catch {
    return refuse('not a URL');
  }
  const scheme = SCHEMES[url.protocol];
  if (scheme === undefined) return refuse(`${url.protocol} is not one of http, https, ws, wss`);
  if (url.hostname === '') return refuse('no host');
  if (url.username !== '' || url.password !== '') return refuse('a user name or password in the URL');

  const path = url.pathname.replace(/\/+$/, '');
  const result = new URL(`${scheme}//${url.host}`);
  result.pathname = path.endsWith('/realtime')
    ? path
    : path === ''
      ? REALTIME_PATH
      : `${path}${/\/v\d+$/.test(path) ? '/realtime' : REALTIME_PATH}`;
  result.search = url.search;
  if (model !== '' && !result.searchParams.has('model')) result.searchParams.set('model', model);
  return result.href;
}
