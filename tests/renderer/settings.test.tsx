import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FieldControl } from '../../src/renderer/components/settings/FieldControl';
import { FIELDS, type FieldId, searchFields } from '../../src/renderer/components/settings/fields';
import { SettingsSheet } from '../../src/renderer/components/settings/SettingsSheet';
import { checkAddress } from '../../src/renderer/components/settings/TextSetting';
import type { AppState } from '../../src/shared/ipc';
import { defaultSettings } from '../../src/shared/settings';
import { renderPage, stateWith, testState } from './helpers/page';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const show = (id: FieldId, app: AppState = testState) => renderPage(app, <FieldControl id={id} />);
const updates = (page: ReturnType<typeof show>) =>
  page.parley.sent.filter(([name]) => name === 'settings.update').map(([, patch]) => patch);

describe('a changed setting is sent at once', () => {
  it.each<[FieldId, string, unknown]>([
    ['service', 'OpenAI', { service: 'openai' }],
    ['talkMode', 'Free mic', { talkMode: 'free-mic' }],
    ['theme', 'Dark', { theme: 'dark' }],
    ['language', '中文', { language: 'zh' }],
    ['llmKind', 'Chat server', { llm: { kind: 'openai-compatible' } }],
    ['interruption', 'After some words', { interruption: { when: 'after-words' } }],
    ['interruption', 'Only with a key', { interruption: { when: 'by-key' } }],
  ])('%s: %s', (id, label, patch) => {
    const page = show(id);
    fireEvent.click(screen.getByRole('radio', { name: label }));
    expect(updates(page)).toEqual([patch]);
  });

  it.each<FieldId>(['preRoll', 'echoCancellation', 'noiseSuppression', 'autoGainControl'])('%s', (id) => {
    const page = show(id);
    fireEvent.click(screen.getByRole('switch'));
    expect(updates(page)).toEqual([{ [id]: !defaultSettings[id as 'preRoll'] }]);
  });

  it.each<[FieldId, unknown]>([
    ['threshold', { turnDetection: { threshold: 0.55 } }],
    ['silenceDurationMs', { turnDetection: { silenceDurationMs: 550 } }],
    ['prefixPaddingMs', { turnDetection: { prefixPaddingMs: 350 } }],
  ])('%s', (id, patch) => {
    const page = show(id);
    const slider = screen.getByRole('slider') as HTMLInputElement;
    fireEvent.keyDown(slider, { key: 'ArrowRight' });
    fireEvent.keyUp(slider, { key: 'ArrowRight' });
    expect(updates(page)).toEqual([patch]);
  });

  it('a slider that assistive technology sets is sent when it has settled', () => {
    vi.useFakeTimers();
    const page = show('threshold');
    const slider = screen.getByRole('slider');
    fireEvent.change(slider, { target: { value: '0.6' } });
    fireEvent.change(slider, { target: { value: '0.7' } });
    expect(updates(page)).toEqual([]);
    act(() => void vi.advanceTimersByTime(1000));
    vi.useRealTimers();
    expect(updates(page)).toEqual([{ turnDetection: { threshold: 0.7 } }]);
  });

  it('text is sent when it is left, trimmed, and not when nothing changed', () => {
    const page = show('model', stateWith({}, { service: 'openai' }));
    const input = screen.getByRole('textbox');
    fireEvent.focus(input);
    fireEvent.blur(input);
    fireEvent.change(input, { target: { value: ' gpt-realtime-mini ' } });
    expect(updates(page)).toEqual([]);
    fireEvent.keyDown(input, { key: 'Enter' });
    expect(updates(page)).toEqual([{ model: 'gpt-realtime-mini' }]);
  });

  it('a device from what is plugged in', async () => {
    const page = show('microphoneId');
    await act(async () => undefined);
    fireEvent.click(screen.getByRole('button', { name: /Microphone/ }));
    fireEvent.click(within(screen.getByRole('listbox')).getByText('USB microphone'));
    expect(updates(page)).toEqual([{ microphoneId: 'usb' }]);
  });
});

describe('every field', () => {
  it('offers its default only when it is changed, and goes back to it', () => {
    show('preRoll');
    screen.getByText('Default: on');
    expect(screen.queryByRole('button', { name: /Reset/ })).toBeNull();
    cleanup();
    const page = show('preRoll', stateWith({}, { preRoll: false }));
    fireEvent.click(screen.getByRole('button', { name: 'Reset Catch the first word to its default' }));
    expect(updates(page)).toEqual([{ preRoll: true }]);
  });

  it('says unit and range', () => {
    show('silenceDurationMs');
    screen.getByText('100 ms to 5,000 ms');
    screen.getByText(`Default: ${defaultSettings.turnDetection.silenceDurationMs} ms`);
  });

  it('shows a refusal where it was made', async () => {
    const page = show('model', stateWith({}, { service: 'openai' }));
    page.parley.answers['settings.update'] = () => ({
      ok: false,
      problem: { code: 'model-rejected', detail: 'no such model' },
    });
    const input = screen.getByRole('textbox');
    fireEvent.change(input, { target: { value: 'gpt-0' } });
    fireEvent.blur(input);
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('does not offer this model'));
  });
});

describe('addresses', () => {
  it.each([
    ['realtime', 'wss://example.com/v1', null],
    ['realtime', 'http://127.0.0.1:8080', null],
    ['realtime', 'ftp://example.com', 'settings.address.realtime'],
    ['realtime', 'example.com', 'settings.address.realtime'],
    ['realtime', '', 'settings.addressMissing'],
    ['http', 'ws://example.com', 'settings.address.http'],
    ['http', 'http://127.0.0.1:11434/v1', null],
  ] as const)('%s %j', (kind, text, error) => {
    expect(checkAddress(kind)(text)).toBe(error);
  });

  it('a bad one is told and not sent', () => {
    const page = show('customBaseUrl', stateWith({}, { service: 'custom' }));
    const input = screen.getByRole('textbox');
    fireEvent.change(input, { target: { value: 'not an address' } });
    fireEvent.blur(input);
    expect(updates(page)).toEqual([]);
    expect(screen.getByRole('alert').textContent).toContain('https://example.com/v1');
  });
});

describe('the API key', () => {
  const openai = (source: 'none' | 'stored' | 'environment', storable = true) =>
    stateWith({ keys: { ...testState.keys, openai: { source, storable } } }, { service: 'openai' });

  it('is stored when pasted', () => {
    const { parley } = show('openaiKey', openai('none'));
    fireEvent.paste(screen.getByLabelText('API key'), { clipboardData: { getData: () => ' sk-test ' } });
    expect(parley.sent).toEqual([['key.set', { name: 'openai', value: 'sk-test' }]]);
  });

  it('is never shown again, and can be removed', () => {
    const { parley } = show('openaiKey', openai('stored'));
    expect((screen.getByLabelText('API key') as HTMLInputElement).value).toBe('');
    screen.getByText(/Stored encrypted/);
    fireEvent.click(screen.getByRole('button', { name: 'Remove' }));
    expect(parley.sent).toEqual([['key.clear', 'openai']]);
  });

  it('has no field where it could not be kept, and says what to do', () => {
    show('openaiKey', openai('none', false));
    expect(screen.queryByLabelText('API key')).toBeNull();
    screen.getByText(/OPENAI_API_KEY set instead/);
  });

  it('says when it comes from the environment', () => {
    show('openaiKey', openai('environment'));
    screen.getByText(/environment variable OPENAI_API_KEY/);
  });
});

describe('the hotkey', () => {
  const record = () => {
    const page = show('hotkey');
    const recorder = screen.getByRole('button', { name: /Global hotkey/ });
    fireEvent.click(recorder);
    return { page, recorder };
  };

  it('is what is pressed next', () => {
    const { page, recorder } = record();
    fireEvent.keyDown(recorder, { code: 'KeyJ', key: 'j', ctrlKey: true, altKey: true });
    expect(updates(page)).toEqual([{ hotkey: 'Control+Alt+J' }]);
  });

  it('is refused when it would fire while typing', () => {
    const { page, recorder } = record();
    fireEvent.keyDown(recorder, { code: 'KeyJ', key: 'j' });
    expect(updates(page)).toEqual([]);
    expect(screen.getByRole('alert').textContent).toContain('while you type');
  });

  it('is left alone by Escape', () => {
    const { page, recorder } = record();
    fireEvent.keyDown(recorder, { code: 'Escape', key: 'Escape' });
    fireEvent.keyDown(recorder, { code: 'KeyJ', key: 'j', ctrlKey: true, altKey: true });
    expect(updates(page)).toEqual([]);
  });
});

describe('the offered chat server', () => {
  it('is taken with one button', () => {
    const page = show(
      'llmKind',
      stateWith({ offeredLlm: { baseUrl: 'http://127.0.0.1:11434/v1', models: ['llama3.2'] } }),
    );
    fireEvent.click(screen.getByRole('button', { name: 'Use llama3.2' }));
    expect(updates(page)).toEqual([
      { llm: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:11434/v1', model: 'llama3.2' } },
    ]);
  });
});

describe('the sheet', () => {
  it('opens at the section of the wanted field and hides what has no meaning now', () => {
    const page = renderPage(testState, <SettingsSheet />);
    act(() => page.store.getState().openSettings('hotkey'));
    expect(screen.getByRole('tab', { name: 'Talking' }).getAttribute('aria-selected')).toBe('true');
    fireEvent.click(screen.getByRole('tab', { name: 'Conversation' }));
    screen.getByRole('radiogroup', { name: 'Service' });
    expect(screen.queryByText('API key')).toBeNull();
  });

  it('finds fields across sections by words and by wire name', () => {
    const page = renderPage(testState, <SettingsSheet />);
    act(() => page.store.getState().openSettings());
    const search = screen.getByRole('searchbox');
    fireEvent.change(search, { target: { value: 'silence_duration' } });
    screen.getByRole('slider', { name: 'Pause that ends a turn' });
    fireEvent.change(search, { target: { value: 'xyzzy' } });
    screen.getByText(/No setting matches/);
  });

  it.each([
    ['(min-width: 720px)', 'ArrowDown'],
    ['', 'ArrowRight'],
  ])('moves through its sections along the line they stand in (%s)', (matching, key) => {
    vi.stubGlobal('matchMedia', (query: string) => ({
      matches: query === matching,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }));
    const page = renderPage(testState, <SettingsSheet />);
    act(() => page.store.getState().openSettings('service'));
    const tab = screen.getByRole('tab', { name: 'Conversation' });
    act(() => tab.focus());
    fireEvent.keyDown(tab, { key });
    expect(screen.getByRole('tab', { name: 'Sound' }).getAttribute('aria-selected')).toBe('true');
  });

  it('closes', () => {
    const page = renderPage(testState, <SettingsSheet />);
    act(() => page.store.getState().openSettings());
    fireEvent.click(screen.getByRole('button', { name: 'Close settings' }));
    expect(page.store.getState().settings.open).toBe(false);
  });
});

describe('searchFields', () => {
  const words: Partial<Record<FieldId, string>> = {
    voice: 'Voice How Parley sounds',
    theme: 'Theme Light or dark',
  };
  it.each([
    ['parley voice', ['voice']],
    ['DARK', ['theme']],
    ['audio.output', ['voice']],
    ['voice dark', []],
  ])('%j', (query, ids) => {
    expect(searchFields(FIELDS, query, (id) => words[id] ?? '').map(({ id }) => id)).toEqual(ids);
  });
});
