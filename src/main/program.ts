/** The composition root of the desktop program: builds all but the window, passes it on, and knows when to end. */
import { join } from 'node:path';
import { app, type BrowserWindow, MessageChannelMain, nativeTheme, safeStorage, shell } from 'electron';
import type { Logger } from '../shared/log';
import { createAssistant } from './assistant';
import { createAudioPorts } from './audio-ports';
import { commandHandlers } from './command-handlers';
import { loadEar } from './ear';
import { createHotkey } from './hotkey';
import { trayIcons } from './icons';
import { handleCommands, sendEvent } from './ipc';
import { openKeys } from './keys';
import { createTranslator, resolveLanguage } from './language';
import { createRecorder } from './recorder';
import { openSettings } from './settings';
import { createTray } from './tray';

/** The system's page for the microphone permission; Linux has none. */
const MICROPHONE_SETTINGS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone',
  win32: 'ms-settings:privacy-microphone',
};

export interface ProgramOptions {
  window: BrowserWindow;
  /** Where the page comes from. */
  page: string;
  /** Folders of the pictures and of the provisioned model files. */
  icons: string;
  models: string;
  /** File of the local server's process. */
  serverFile: string;
  log: Logger;
}

export function startProgram(options: ProgramOptions): void {
  const { window, page, icons, models, serverFile, log } = options;
  const profile = app.getPath('userData');
  const recorder = process.env.PARLEY_RECORD ? createRecorder(process.env.PARLEY_RECORD) : null;
  const settings = openSettings(join(profile, 'settings.json'), log);
  const keys = openKeys(join(profile, 'keys.json'), process.env, safeStorage, log);
  const audio = createAudioPorts(recorder);
  const preferred = app.getPreferredSystemLanguages();
  const translator = createTranslator(resolveLanguage(settings.current.language, preferred));
  let quitting = false;

  const showWindow = (): void => {
    window.show();
    window.focus();
  };
  const hotkey = createHotkey(
    { down: () => assistant.talkDown(), up: () => assistant.talkUp() },
    process.platform,
    log,
  );
  const tray = createTray(trayIcons(icons), {
    show: showWindow,
    setMode: (mode) => assistant.setMode(mode),
    setMuted: (muted) => assistant.setMuted(muted),
    quit: () => app.quit(),
  });
  const assistant = createAssistant({
    version: app.getVersion(),
    settings,
    keys,
    audio,
    recorder,
    folders: { models, state: profile },
    serverFile,
    language: (setting) => resolveLanguage(setting, preferred),
    bindHotkey: hotkey.bind,
    log,
    onState(state) {
      if (translator.language !== state.language) void translator.changeLanguage(state.language);
      nativeTheme.themeSource = state.settings.theme;
      tray.show(state, (key) => translator.t(key));
      sendEvent(window, 'state', state);
    },
    onConversation: (event) => sendEvent(window, 'conversation', event),
    onNotice: (problem) => sendEvent(window, 'notice', problem),
  });

  handleCommands(
    window,
    page,
    commandHandlers({
      assistant,
      connectAudio() {
        const capture = new MessageChannelMain();
        const playback = new MessageChannelMain();
        audio.connect(capture.port1, playback.port1);
        window.webContents.postMessage('parley.audio-ports', null, [capture.port2, playback.port2]);
      },
      openMicrophoneSettings() {
        const url = MICROPHONE_SETTINGS[process.platform];
        if (url) void shell.openExternal(url);
      },
    }),
    log,
  );
  // Not before the first picture, so that starting takes no longer for it.
  window.webContents.once('did-finish-load', async () => {
    assistant.findLlm();
    assistant.setEar(await loadEar(process.env.PARLEY_EAR, models, log));
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.error('the page ended, loading it again', { reason });
    audio.disconnect();
    // What it had to play ended with it: nobody will tell that it was heard to its end.
    assistant.interrupt();
    if (!quitting) window.webContents.reload();
  });

  window.on('close', (event) => {
    if (quitting) return;
    // Into the tray.
    event.preventDefault();
    window.hide();
  });
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (quitting) return;
    // Quits again once the server has been told goodbye and the recording is written.
    event.preventDefault();
    quitting = true;
    hotkey.close();
    void assistant.close().finally(() => {
      recorder?.finish();
      tray.close();
      app.quit();
    });
  });
  // The server's process and the key hook take time that the first picture needs, and nobody can speak before it.
  window.once('ready-to-show', () => assistant.start());
}
