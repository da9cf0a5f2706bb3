import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createPublishSieve, type PublishFrame } from './publish-sieve.ts';

export interface SievedStream {
  /** What the library is given in place of the socket: everything but received PUBLISH packets. */
  readonly stream: Duplex;
  /** Sends PUBACK (MQTT 3.1.1 section 3.4) for these, with one write for all that are acknowledged together. */
  acknowledge(packetId: number): void;
}

/** The connection to a broker, with the messages taken out of it. */
export function createSievedStream(options: {
  socket: Socket;
  version: 4 | 5;
  payloadLimit: number;
  publish(frame: PublishFrame, source: SievedStream): void;
  /** Something came from the broker. */
  heard(): void;
}): SievedStream {
  const { socket, version, payloadLimit, publish, heard } = options;
  let acknowledged: number[] = [];
  const stream = new Duplex({
    read: () => void socket.resume(),
    // Never held back: acknowledgements may stand between packets of the library, not inside one.
    write(chunk: Buffer, _encoding, done) {
      socket.write(chunk);
      done();
    },
    writev(chunks, done) {
      socket.cork();
      for (const { chunk } of chunks) socket.write(chunk);
      socket.uncork();
      done();
    },
    final(done) {
      socket.end(done);
    },
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  const sieve = createPublishSieve({
    ...{ version, payloadLimit },
    publish: (frame) => publish(frame, sieved),
    rest(bytes) {
      if (!stream.push(bytes)) socket.pause();
    },
  });
  socket.on('data', (chunk: Buffer) => {
    heard();
    try {
      sieve.push(chunk);
    } catch (error) {
      stream.destroy(
        Object.assign(new Error('the broker sends no MQTT', { cause: error }), { code: 'EPROTO' }),
      );
    }
  });
  socket.on('error', (error) => stream.destroy(error));
  socket.on('end', () => stream.push(null));
  socket.on('close', () => stream.destroy());

  function flush(): void {
    const ids = acknowledged;
    acknowledged = [];
    if (stream.destroyed) return;
    const bytes = Buffer.allocUnsafe(ids.length * 4);
    for (const [index, id] of ids.entries()) bytes.writeUInt32BE(0x40020000 + id, index * 4);
    socket.write(bytes);
  }

  const sieved: SievedStream = {
    stream,
    acknowledge(packetId) {
      if (acknowledged.push(packetId) === 1) setImmediate(flush);
    },
  };
  return sieved;
}
