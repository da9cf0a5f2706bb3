import type { BrowserWindow, IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import {
  type Answers,
  type BridgeCall,
  BridgeError,
  channelOf,
  parseAnswer,
  parseRequest,
  type Reply,
  type Takes,
} from '../native-bridge/contract.ts';
import { maySend } from './policies/ipc-sender.ts';

export interface IpcParts {
  ipcMain: IpcMain;
  hubOrigin: () => string | undefined;
  /** The window of ours that shows these contents. */
  windowOf: (contents: WebContents) => BrowserWindow | undefined;
  log: (text: string) => void;
}

/** The only way by which a page reaches this process. Each message is checked for its sender, its channel and its shape. */
export interface Ipc {
  /** Answers a call of the bridge. */
  answer<C extends BridgeCall>(
    call: C,
    handler: (request: Takes<C>, window: BrowserWindow) => Promise<Answers<C>> | Answers<C>,
  ): void;
  /** Takes an order of the shell's own pages. */
  order(channel: string, handler: () => void): void;
}

export function createIpc({ ipcMain, hubOrigin, windowOf, log }: IpcParts): Ipc {
  function listen(
    channel: string,
    handler: (argument: unknown, window: BrowserWindow) => Promise<unknown> | unknown,
  ): void {
    ipcMain.handle(channel, async (event, ...given: unknown[]): Promise<Reply> => {
      const window = windowOf(event.sender);
      if (!window || given.length !== 1 || !maySend(channel, senderOf(event, window), hubOrigin())) {
        log(
          `message refused on ${channel} from ${event.senderFrame?.url.slice(0, 200) ?? 'a frame that is gone'}`,
        );
        return { ok: false, code: 'refused', message: `${channel} is not for this page` };
      }
      try {
        return { ok: true, value: await handler(given[0], window) };
      } catch (error) {
        if (error instanceof BridgeError) return { ok: false, code: error.code, message: error.message };
        log(`${channel} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        const message = error instanceof Error ? error.message : String(error);
        return { ok: false, code: 'failed', message: message.slice(0, 2000) };
      }
    });
  }
  return {
    answer: (call, handler) =>
      listen(channelOf(call), async (argument, window) =>
        parseAnswer(call, await handler(parseRequest(call, argument), window)),
      ),
    order: (channel, handler) => listen(channel, () => handler()),
  };
}

function senderOf(event: IpcMainInvokeEvent, window: BrowserWindow) {
  const frame = event.senderFrame;
  return {
    address: frame?.url ?? '',
    isMainFrame: frame !== null && frame.parent === null,
    ownWindow: window.webContents === event.sender,
  };
}
