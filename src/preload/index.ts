/**
 * The only door between the page and the main process: the typed window API, derived from the maps in
 * `shared/ipc.ts`. Names and payloads are checked in the main process.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type {
  AppEventName,
  AppEvents,
  AudioPortsMessage,
  CommandArgument,
  CommandName,
  CommandResultOf,
} from '../shared/ipc';

const api = {
  /** Sends a command; rejects when the main process refuses its name, payload or sender. */
  command<C extends CommandName>(
    name: C,
    ...argument: undefined extends CommandArgument<C> ? [] : [CommandArgument<C>]
  ): Promise<CommandResultOf<C>> {
    return ipcRenderer.invoke('parley.command', name, argument[0]);
  },

  /** Listens to one kind of event; the returned function ends that, so it fits a React effect. */
  on<E extends AppEventName>(event: E, listener: (payload: AppEvents[E]) => void): () => void {
    const forward = (_event: IpcRendererEvent, name: AppEventName, payload: AppEvents[E]): void => {
      if (name === event) listener(payload);
    };
    ipcRenderer.on('parley.event', forward);
    return () => void ipcRenderer.off('parley.event', forward);
  },
};

export type ParleyApi = typeof api;

contextBridge.exposeInMainWorld('parley', api);

// contextBridge cannot carry a MessagePort; a message to the page's own window can.
ipcRenderer.on('parley.audio-ports', (event) => {
  const message: AudioPortsMessage = { type: 'parley.audio-ports' };
  window.postMessage(message, window.location.origin, event.ports);
});
