/** One guarded door for every command of the page: sender, name and payload are checked before a handler runs. */
import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron';
import type { AppEventName, AppEvents, CommandArgument, CommandName, CommandResultOf } from '../shared/ipc';
import type { Logger } from '../shared/log';
import { checkCommand } from './commands';

export type CommandHandlers = {
  [C in CommandName]: (argument: CommandArgument<C>) => CommandResultOf<C> | Promise<CommandResultOf<C>>;
};

/** Handles the commands that come from the main frame of `window` while it shows `pageUrl`'s origin. */
export function handleCommands(
  window: BrowserWindow,
  pageUrl: string,
  handlers: CommandHandlers,
  log: Logger,
): void {
  const { host } = new URL(pageUrl);
  const isTrusted = ({ senderFrame, sender }: IpcMainInvokeEvent): boolean =>
    sender === window.webContents &&
    senderFrame !== null &&
    senderFrame === window.webContents.mainFrame &&
    new URL(senderFrame.url).host === host;

  ipcMain.handle('parley.command', async (event, name: unknown, argument: unknown) => {
    if (!isTrusted(event)) {
      log.warn('command from an untrusted frame refused');
      throw new Error('Refused: this frame may not send commands.');
    }
    const checked = checkCommand(name, argument);
    if (!checked.ok) {
      log.warn('command refused', { reason: checked.reason });
      throw new Error(`Refused: ${checked.reason}`);
    }
    const handler = handlers[checked.name] as (argument: unknown) => unknown;
    return handler(checked.argument);
  });
}

/** Sends an event to the page; dropped when the window is gone. */
export function sendEvent<E extends AppEventName>(
  window: BrowserWindow,
  event: E,
  payload: AppEvents[E],
): void {
  if (!window.isDestroyed()) window.webContents.send('parley.event', event, payload);
}
