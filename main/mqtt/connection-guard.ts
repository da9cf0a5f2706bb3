import type { Socket } from 'node:net';
import type { Client } from 'aedes';
import type { Clock } from '../base/clock.ts';
import { createControlLimit } from './control-limit.ts';
import { createFrameGuard } from './frame-guard.ts';
import type { Refusals } from './refusals.ts';
import type { SignIn } from './sign-in.ts';
import type { MessageSink } from './types.ts';
import type { Unauthenticated } from './unauthenticated.ts';

/**
 * Looks at the bytes of each connection before the broker does, and ends it when one of its frames is longer than
 * allowed or too many are no messages.
 * @returns what is to be called with each connection, once its client is made
 */
export function createConnectionGuard(options: {
  frameLimitBytes: number;
  /** Of CONNECT, which comes from somebody not yet known. */
  connectLimitBytes: number;
  refusals: Refusals;
  signIn: Pick<SignIn, 'publisherOf'>;
  unauthenticated: Pick<Unauthenticated, 'failed'>;
  sink: Pick<MessageSink, 'oversized'>;
  clock: Clock;
}): (socket: Socket, client: Client) => void {
  const { frameLimitBytes, connectLimitBytes, refusals, signIn, unauthenticated, sink, clock } = options;
  const controlLimit = createControlLimit({ clock });

  return (socket, client) => {
    const frames = createFrameGuard(frameLimitBytes, connectLimitBytes);
    const budget = controlLimit.budget();
    let owner: string | undefined;

    function mayControl(packets: number): boolean {
      const publisher = signIn.publisherOf(client);
      // Programs of this machine acknowledge what a whole city says.
      if (publisher === 'local') return true;
      if (publisher && owner === undefined) {
        owner = publisher.deviceId;
        budget.of(owner);
      }
      return budget.spend(packets);
    }

    function tooLong(): void {
      refusals.count('frame', client.id ?? socket.remoteAddress ?? '');
      const publisher = signIn.publisherOf(client);
      if (!publisher) unauthenticated.failed(socket.remoteAddress);
      else if (publisher !== 'local') sink.oversized(publisher.deviceId);
      socket.destroy(new Error('a message longer than allowed'));
    }

    socket.once('close', () => {
      if (owner !== undefined) budget.close(owner);
    });
    // The broker reads with `readable`; `data` then fires within each of its reads, before it parses.
    socket.on('data', (chunk: Buffer) => {
      if (!frames.admit(chunk)) tooLong();
      else if (frames.control > 0 && !mayControl(frames.control)) {
        refusals.count('control', client.id ?? '');
        socket.destroy(new Error('more packets that are no messages than any device needs'));
      }
    });
  };
}
