/** The real page around a scripted outside that records every command. */
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { ParleyApi, SoundControl, SoundDevices } from '../../../src/renderer/bridge';
import { type Page, PageProvider } from '../../../src/renderer/context';
import { createI18n } from '../../../src/renderer/i18n';
import { Levels } from '../../../src/renderer/levels';
import { createAppStore } from '../../../src/renderer/store';
import type { AppEventName, AppEvents, AppState, CommandName } from '../../../src/shared/ipc';
import { defaultSettings, patchSettings, type SettingsPatch } from '../../../src/shared/settings';

export const testState: AppState = {
  version: '1.2.3',
  activity: 'idle',
  connection: 'connected',
  serverLabel: 'this computer',
  talkMode: { mode: 'push-to-talk', talking: 'idle' },
  microphone: { status: 'open', wanted: true },
  hotkey: { accelerator: 'Control+Shift+Space', kind: 'hold' },
  keys: {
    openai: { source: 'none', storable: true },
    custom: { source: 'none', storable: true },
    llm: { source: 'none', storable: true },
  },
  settings: defaultSettings,
  language: 'en',
  engines: { vad: 'silero', stt: 'pocketsphinx', llm: 'builtin', tts: 'flite' },
  offeredLlm: null,
  problems: [],
};

export function stateWith(change: Partial<AppState>, settings: SettingsPatch = {}): AppState {
  return { ...testState, ...change, settings: patchSettings(testState.settings, settings) };
}

export class ScriptedParley implements ParleyApi {
  readonly sent: [CommandName, unknown?][] = [];
  /** What a command answers; anything else answers `{ ok: true }`. */
  readonly answers: Partial<Record<CommandName, () => unknown>> = {};
  readonly #listeners = new Map<AppEventName, Set<(payload: never) => void>>();

  command: ParleyApi['command'] = async (name, ...argument) => {
    this.sent.push(argument.length > 0 ? [name, argument[0]] : [name]);
    return (this.answers[name]?.() ?? { ok: true }) as never;
  };

  on: ParleyApi['on'] = (event, listener) => {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener as (payload: never) => void));
    return () => void listeners.delete(listener as (payload: never) => void);
  };

  emit<E extends AppEventName>(event: E, payload: AppEvents[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(payload as never);
  }

  /** The names alone, of commands that were sent since. */
  names(): CommandName[] {
    return this.sent.map(([name]) => name);
  }
}

export class ScriptedSound implements SoundControl {
  retried = 0;
  present: SoundDevices = {
    microphones: [{ id: 'usb', label: 'USB microphone' }],
    speakers: [{ id: 'hdmi', label: 'HDMI' }],
  };
  devices = (): Promise<SoundDevices> => Promise.resolve(this.present);
  onDevicesChanged = (): (() => void) => () => undefined;
  retryMicrophone = (): void => {
    this.retried += 1;
  };
}

export interface TestPage extends Page {
  parley: ScriptedParley;
  sound: ScriptedSound;
}

/** Renders `children` in a page whose main process says `app`. */
export function renderPage(app: AppState, children: ReactNode): TestPage {
  const page: TestPage = {
    parley: new ScriptedParley(),
    store: createAppStore(),
    levels: new Levels(),
    sound: new ScriptedSound(),
  };
  page.store.setState({ app });
  render(
    <I18nextProvider i18n={createI18n(app.language)}>
      <PageProvider value={page}>{children}</PageProvider>
    </I18nextProvider>,
  );
  return page;
}
