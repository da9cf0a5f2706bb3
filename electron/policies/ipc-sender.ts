import {
  bridgeCalls,
  channelOf,
  SHELL_QUIT_CHANNEL,
  SHELL_RETRY_CHANNEL,
} from '../../native-bridge/contract.ts';
import { originOf, SHELL_ORIGIN } from './origins.ts';

/** Who sent a message: the frame as the browser process knows it, never what the message says. */
export interface Sender {
  /** Address of the frame; empty when the frame is already gone. */
  address: string;
  isMainFrame: boolean;
  /** Whether its window is one that this program opened. */
  ownWindow: boolean;
}

const BRIDGE_CHANNELS: ReadonlySet<string> = new Set(
  Object.keys(bridgeCalls).map((call) => channelOf(call as keyof typeof bridgeCalls)),
);
const SHELL_CHANNELS: ReadonlySet<string> = new Set([SHELL_RETRY_CHANNEL, SHELL_QUIT_CHANNEL]);

/** Bridge channels for pages of the hub, shell channels for the shell's own pages, from the window itself only. */
export function maySend(channel: string, sender: Sender, hubOrigin: string | undefined): boolean {
  if (!sender.ownWindow || !sender.isMainFrame) return false;
  const origin = originOf(sender.address);
  if (SHELL_CHANNELS.has(channel)) return origin === SHELL_ORIGIN;
  return BRIDGE_CHANNELS.has(channel) && hubOrigin !== undefined && origin === hubOrigin;
}
