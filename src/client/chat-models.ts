import { chatUrl } from '../shared/chat-url';

/**
 * Names of the models that a chat-completions server offers, sorted. Used to find Ollama on its usual port, so nothing that
 * answers there is trusted to be one. Rejects when nothing answers or the answer is no list of models; a key is
 * never part of the error.
 */
export async function listModels(
  baseUrl: string,
  apiKey: string | null | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const url = chatUrl(baseUrl, 'models');
  if (url === null) throw new Error('the address of the chat server is not an http address');
  const response = await fetch(url, {
    headers: { accept: 'application/json', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the chat server answered with status ${response.status}`);
  }
  const body: unknown = await response.json();
  const models = typeof body === 'object' && body !== null ? (body as { data?: unknown }).data : undefined;
  if (!Array.isArray(models)) throw new Error('the chat server gave no list of models');
  return models
    .map((model: unknown) =>
      typeof model === 'object' && model !== null ? (model as { id?: unknown }).id : undefined,
    )
    .filter((id): id is string => typeof id === 'string' && id !== '')
    .sort();
}
