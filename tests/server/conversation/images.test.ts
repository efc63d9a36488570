import { describe, expect, it } from 'vitest';
import type { FakeScript } from '../../../src/server/backends/fake';
import { openSession } from '../../helpers/open-session';
import type { TestClient, TestServer } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;

async function open(script: FakeScript): Promise<void> {
  ({ server, client } = await openSession(script));
}

const PNG = `data:image/png;base64,${Buffer.from('89504e470d0a1a0a0000000d', 'hex').toString('base64')}`;
const JPEG = `data:image/jpeg;base64,${Buffer.from('ffd8ffe000104a464946', 'hex').toString('base64')}`;
const LARGE = `data:image/png;base64,${Buffer.alloc(10 * 1024 * 1024 + 3).toString('base64')}`;
const message = (...content: object[]) => ({ type: 'message', role: 'user', content });
const image = (image_url: string, detail?: string) => ({
  type: 'input_image',
  image_url,
  ...(detail === undefined ? {} : { detail }),
});
const createItem = (item: object) => ({ type: 'conversation.item.create', item, event_id: 'mine' });

describe('images', () => {
  it('reach an LLM that can see, with their text and in how much detail', async () => {
    await open({ sees: true });
    const content = [{ type: 'input_text', text: 'What is this?' }, image(PNG, 'low'), image(JPEG)];
    const { item } = await client.ask(createItem(message(...content)), 'conversation.item.done');
    expect(item.content).toEqual(content);
    await client.ask(createItem(message(image(PNG))), 'conversation.item.done');
    const { response } = await client.ask({ type: 'response.create' }, 'response.done');
    expect(server.record.llm.requests[0]?.messages).toEqual([
      {
        role: 'user',
        text: 'What is this?',
        images: [
          { url: PNG, detail: 'low' },
          { url: JPEG, detail: 'auto' },
        ],
      },
      { role: 'user', text: '', images: [{ url: PNG, detail: 'auto' }] },
    ]);
    expect(response.usage.input_token_details.image_tokens).toBe(85 + 765 + 765);
  });

  it('are refused when the item is created where the LLM cannot see, and the session lives on', async () => {
    await open({});
    const { error } = await client.ask(
      createItem(message({ type: 'input_text', text: 'Hi' }, image(PNG))),
      'error',
    );
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      code: 'image_input_not_supported',
      param: 'item.content[1]',
      event_id: 'mine',
    });
    const create = {
      type: 'response.create',
      response: { conversation: 'none', input: [message(image(PNG))] },
    };
    expect((await client.ask(create, 'error')).error).toMatchObject({
      code: 'image_input_not_supported',
      param: 'response.input[0].content[0]',
    });
    await client.settle();
    expect(client.of('conversation.item.added')).toEqual([]);
    expect(client.of('response.created')).toEqual([]);
  });

  const wrong: Array<[string, string, RegExp]> = [
    ['a web address', 'https://example.test/a.png', /data URI/],
    ['another kind of image', 'data:image/gif;base64,R0lGODlh', /PNG or JPEG/],
    ['a PNG that is a JPEG', JPEG.replace('jpeg', 'png'), /not a PNG/],
    ['what is too large', LARGE, /10 MiB/],
  ];
  it.each(wrong)('refuses %s', async (_name, url, words) => {
    await open({ sees: true });
    const { error } = await client.ask(createItem(message(image(url))), 'error');
    expect(error).toMatchObject({
      code: 'invalid_value',
      param: 'item.content[0].image_url',
      message: expect.stringMatching(words),
      event_id: 'mine',
    });
  });
});
