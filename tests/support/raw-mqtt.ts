import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet';
import { until } from './hub-process.ts';

/** A client that does what it is told to the byte, acknowledging nothing by itself: what a library would not do. */
export interface RawClient {
  /** Everything that came, in order. */
  received: Packet[];
  send(packet: Packet): void;
  write(bytes: Uint8Array): void;
  /** Sends CONNECT and waits for the answer. @returns the return code, or `closed` */
  connect(packet?: Partial<IConnectPacket>): Promise<number | 'closed'>;
  /** Waits for the next packet of this kind that was not yet waited for. */
  next<C extends Packet['cmd']>(cmd: C): Promise<Extract<Packet, { cmd: C }>>;
  of<C extends Packet['cmd']>(cmd: C): Extract<Packet, { cmd: C }>[];
  /** Resolves when the other side ended the connection. */
  closed: Promise<void>;
  isClosed(): boolean;
  /** Stops reading: a client that hangs. */
  pause(): void;
  /** Breaks the connection without a word. */
  destroy(): void;
}

export async function rawMqtt(port: number, through?: Socket): Promise<RawClient> {
  const socket = through ?? connect(port, '127.0.0.1');
  if (!through) await once(socket, 'connect');
  const received: Packet[] = [];
  const waitedFor = new Map<string, number>();
  let ended = false;
  const parse = parser({ protocolVersion: 4 });
  parse.on('packet', (packet: Packet) => received.push(packet));
  socket.on('data', (chunk) => parse.parse(chunk));
  // `close` follows each failure and tells of it.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) =>
    socket.once('close', () => {
      ended = true;
      resolve();
    }),
  );
  const is =
    <C extends Packet['cmd']>(cmd: C) =>
    (packet: Packet): packet is Extract<Packet, { cmd: C }> =>
      packet.cmd === cmd;

  const client: RawClient = {
    received,
    closed,
    isClosed: () => ended,
    send: (packet) => void socket.write(generate(packet)),
    write: (bytes) => void socket.write(bytes),
    of: (cmd) => received.filter(is(cmd)),
    async next(cmd) {
      const at = waitedFor.get(cmd) ?? 0;
      waitedFor.set(cmd, at + 1);
      return until(`${cmd} ${at + 1}`, () => received.filter(is(cmd))[at]);
    },
    async connect(packet = {}) {
      const before = received.filter(is('connack')).length;
      client.send({
        cmd: 'connect',
        clientId: 'raw',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 60,
        ...packet,
      });
      return until('CONNACK', () => {
        const answer = received.filter(is('connack'))[before];
        return answer ? (answer.returnCode ?? 0) : ended ? 'closed' : undefined;
      });
    },
    pause: () => void socket.pause(),
    destroy: () => void socket.destroy(),
  };
  return client;
}
