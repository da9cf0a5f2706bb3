/**
 * The preload of the desktop program's windows. Sandboxed, bundled into one file, and the only thing that a page
 * gets of Electron: named functions, whose arguments and answers are parsed here and again in the shell.
 */
import { contextBridge, ipcRenderer } from 'electron';
import * as z from 'zod';
import {
  BRIDGE_GLOBAL,
  BridgeError,
  channelOf,
  checkedBridge,
  NOTICE_CLICKED_CHANNEL,
  Reply,
  SHELL_GLOBAL,
  SHELL_QUIT_CHANNEL,
  SHELL_RETRY_CHANNEL,
} from './contract.ts';

// The page's content policy forbids code made from text, which zod would otherwise try to use for speed.
z.config({ jitless: true });

async function ask(channel: string, request: unknown): Promise<unknown> {
  const reply = Reply.safeParse(await ipcRenderer.invoke(channel, request));
  if (!reply.success)
    throw new BridgeError('bad-answer', `${channel}: the shell answered what it should not`);
  if (!reply.data.ok) throw new BridgeError(reply.data.code, reply.data.message);
  return reply.data.value;
}

if (location.protocol === 'kalancha:')
  contextBridge.exposeInMainWorld(SHELL_GLOBAL, {
    retry: () => ask(SHELL_RETRY_CHANNEL, {}),
    quit: () => ask(SHELL_QUIT_CHANNEL, {}),
  });
else
  contextBridge.exposeInMainWorld(
    BRIDGE_GLOBAL,
    checkedBridge(
      {
        saveFile: (request) => ask(channelOf('saveFile'), request),
        notify: (request) => ask(channelOf('notify'), request),
        keepDisplayAwake: (request) => ask(channelOf('keepDisplayAwake'), request),
        screens: (request) => ask(channelOf('screens'), request),
        openWall: (request) => ask(channelOf('openWall'), request),
        openExternal: (request) => ask(channelOf('openExternal'), request),
        appVersion: (request) => ask(channelOf('appVersion'), request),
        platform: (request) => ask(channelOf('platform'), request),
      },
      (tell) => {
        // The event itself stays here: by it a page would reach the sender.
        const hear = (_event: unknown, told: unknown): void => tell(told);
        ipcRenderer.on(NOTICE_CLICKED_CHANNEL, hear);
        return () => void ipcRenderer.off(NOTICE_CLICKED_CHANNEL, hear);
      },
    ),
  );
