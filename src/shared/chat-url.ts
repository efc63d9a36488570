/**
 * Address of `path` ("chat/completions", "models") at a chat-completions server. `baseUrl` is what people paste: with or without
 * a trailing slash, "/v1" or "/chat/completions"; a host alone gets "/v1". Null when it is no http(s) address.
 */
export function chatUrl(baseUrl: string, path: string): string | null {
  const match = /^(https?:\/\/[^\s/?#@]+)(\/[^\s?#]*)?$/i.exec(baseUrl.trim());
  if (match === null) return null;
  const folder = (match[2] ?? '').replace(/\/+$/, '').replace(/\/chat\/completions$/i, '');
  return `${match[1]}${folder === '' ? '/v1' : folder}/${path}`;
}
