import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';
import type { CityDevice } from './city.ts';
import { encodeStates } from './packets.ts';
import type { PublisherCommand, PublisherReport, PublisherSettings } from './publisher.ts';

/**
 * A city's load in a process of its own: a few connections, as of gateways, each writing the whole packets of its
 * share of the devices, turn after turn. Driven and asked over the channel to its parent.
 */
const TICK_MS = 10;
const REPORT_MS = 100;
const KEEPALIVE_S = 60;
/** Unacknowledged packets a connection, below the 16-bit packet identifiers and what brokers take. */
const WINDOW = { 0: Number.POSITIVE_INFINITY, 1: 90 } as const;
/** Bytes that wait in one socket: beyond them the packets would be overwritten before they are gone. */
const WAITING_BYTES = 2 ** 20;

interface Lane {
  socket: Socket;
  /** Devices of this connection: from, to, and whose turn is next. */
  from: number;
  to: number;
  next: number;
  sent: number;
  acked: number;
}

const tell = (report: PublisherReport) => process.send?.(report);

async function openLane(settings: PublisherSettings, number: number, count: number, devices: number) {
  const socket = connect({ port: settings.port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const from = Math.floor((devices * number) / count);
  const to = Math.floor((devices * (number + 1)) / count);
  const lane: Lane = { socket, from, to, next: from, sent: 0, acked: 0 };
  socket.write(
    generate({
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: KEEPALIVE_S },
      clientId: `bench-${process.pid}-${number}`,
    }),
  );
  let answerBytes = 0;
  await new Promise<void>((resolve, reject) => {
    socket.once('data', (answer) => {
      if (answer[0] !== 0x20 || answer[3] !== 0) reject(new Error('the broker refused the publisher'));
      answerBytes = answer.length - 4;
      resolve();
    });
  });
  // Only acknowledgements of four bytes come back; answers to pings have two and are rare.
  let pings = 0;
  socket.on('data', (chunk) => {
    answerBytes += chunk.length;
    lane.acked = Math.floor((answerBytes - 2 * pings) / 4);
  });
  const ping = setInterval(() => {
    pings += 1;
    socket.write(generate({ cmd: 'pingreq' }));
  }, KEEPALIVE_S * 400);
  socket.on('error', (error) => tell({ kind: 'failed', problem: error.message }));
  socket.on('close', () => clearInterval(ping));
  return lane;
}

async function run(settings: PublisherSettings): Promise<void> {
  const devices: CityDevice[] = JSON.parse(readFileSync(settings.devicesFile, 'utf8'));
  const packets = encodeStates(devices, settings);
  const lanes: Lane[] = [];
  for (let i = 0; i < settings.connections; i++)
    lanes.push(await openLane(settings, i, settings.connections, devices.length));
  let allowed = settings.allow ?? Number.POSITIVE_INFINITY;
  let rate = settings.rate ?? Number.POSITIVE_INFINITY;
  let sent = 0;
  let credit = 0;
  let turn = 0;
  let last = performance.now();
  tell({ kind: 'ready', bytesEach: packets.bytes.length / devices.length });

  /** Writes up to `count` packets of the lane in one go. @returns how many */
  function burst(lane: Lane, count: number, now: number): number {
    if (lane.socket.writableLength > WAITING_BYTES || lane.socket.destroyed) return 0;
    const room = Math.min(count, WINDOW[settings.qos] - (lane.sent - lane.acked), lane.to - lane.next);
    if (room <= 0) return 0;
    const first = lane.next;
    for (let i = 0; i < room; i++) packets.next(first + i, ((lane.sent + i) % 65_535) + 1, now);
    // A copy: the socket may still hold it when the turn of these devices comes again.
    lane.socket.write(
      Buffer.from(packets.bytes.subarray(packets.starts[first] ?? 0, packets.starts[first + room] ?? 0)),
    );
    lane.sent += room;
    lane.next = first + room >= lane.to ? lane.from : first + room;
    return room;
  }

  function tick(): void {
    const steady = performance.now();
    credit = Math.min(
      rate === Number.POSITIVE_INFINITY ? 1e9 : rate / 4,
      credit + (rate * (steady - last)) / 1000,
    );
    last = steady;
    const now = Date.now();
    // Nobody waits behind another: each connection gets a share, whoever has room the rest.
    for (let idle = 0; idle < lanes.length; ) {
      const room = Math.floor(Math.min(credit, allowed - sent, 2_000_000));
      if (room <= 0) return;
      const lane = lanes[turn++ % lanes.length];
      const done = lane ? burst(lane, Math.min(room, settings.share), now) : 0;
      idle = done === 0 ? idle + 1 : 0;
      credit -= done;
      sent += done;
      if (performance.now() - steady > TICK_MS * 4) return;
    }
  }
  const timers = [
    setInterval(tick, TICK_MS),
    setInterval(() => {
      const acked = lanes.reduce((sum, lane) => sum + lane.acked, 0);
      tell({
        kind: 'figures',
        sent,
        acked,
        cpuMs: process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000,
      });
    }, REPORT_MS),
  ];
  process.on('message', (command: PublisherCommand) => {
    if (command.kind === 'allow') allowed = command.total;
    else if (command.kind === 'rate') rate = command.perSecond;
    else {
      for (const timer of timers) clearInterval(timer);
      for (const { socket } of lanes) socket.end(generate({ cmd: 'disconnect' }));
      process.disconnect?.();
    }
  });
}

process.once('message', (settings: PublisherSettings) => {
  run(settings).catch((error: unknown) => {
    tell({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    process.disconnect?.();
  });
});
// Whoever started it is gone: nobody would ever stop it.
process.on('disconnect', () => process.exit());
