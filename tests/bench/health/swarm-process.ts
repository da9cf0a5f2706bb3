import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';
import type { CityDevice } from './city.ts';
import { stateOf, statusOf } from './messages.ts';
import { publishPacket } from './packets.ts';
import type { SwarmReport, SwarmSettings } from './swarm.ts';

/**
 * Many devices with a connection and a Will each, in a process of their own. One that loses its connection comes back
 * after a random while, is born in a new session and goes on reporting.
 */
const TICK_MS = 20;
const REPORT_MS = 250;
const REPORT_EVERY_MS = 30_000;
const HEARTBEAT_S = 30;
const KEEPALIVE_S = 60;
const RETRY_MS = 1_000;
const BIRTH = 1;

interface Member {
  device: CityDevice;
  socket: Socket | undefined;
  session: number;
  seq: number;
  /** Its birth in this connection was acknowledged. */
  born: boolean;
  nextReport: number;
  dueAt: number;
}

const tell = (report: SwarmReport) => process.send?.(report);

function run(settings: SwarmSettings): void {
  const devices: CityDevice[] = JSON.parse(readFileSync(settings.devicesFile, 'utf8'));
  const starting = (index: number) => performance.now() + (index * 1000) / settings.perSecond;
  const members = devices.map(
    (device, index): Member => ({
      ...{ device, socket: undefined, session: Date.now(), seq: 0, born: false },
      ...{ nextReport: Number.POSITIVE_INFINITY, dueAt: starting(index) },
    }),
  );
  let acknowledged = 0;
  let broken = 0;
  let refused = 0;

  function open(member: Member): void {
    const socket = connect({ port: settings.port, host: '127.0.0.1' });
    member.socket = socket;
    member.dueAt = Number.POSITIVE_INFINITY;
    member.session += 1;
    member.seq = 0;
    const gone = statusOf(member.device, member.session, false, HEARTBEAT_S);
    socket.on('connect', () =>
      socket.write(
        generate({
          ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: KEEPALIVE_S },
          clientId: member.device.id,
          will: { topic: gone.topic, payload: Buffer.from(gone.payload), qos: 1, retain: true },
        }),
      ),
    );
    let kept = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      // Only CONNACK, PUBACK and PINGRESP come to a client that subscribed nothing: two or four bytes.
      while (kept.length >= 2) {
        const length = 2 + (kept[1] ?? 0);
        if (kept.length < length) return;
        const kind = (kept[0] ?? 0) >> 4;
        if (kind === 2) welcomed(member, socket, kept[3] ?? 0);
        if (kind === 4) {
          acknowledged += 1;
          if (kept.readUInt16BE(2) === BIRTH) {
            member.born = true;
            member.nextReport = performance.now() + Math.random() * REPORT_EVERY_MS;
          }
        }
        kept = kept.subarray(length);
      }
    });
    // `close` follows and is counted.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (member.socket !== socket) return;
      if (member.born) broken += 1;
      member.socket = undefined;
      member.born = false;
      member.nextReport = Number.POSITIVE_INFINITY;
      member.dueAt = performance.now() + RETRY_MS + Math.random() * settings.spreadMs;
    });
  }

  function welcomed(member: Member, socket: Socket, code: number): void {
    if (code !== 0) {
      refused += 1;
      socket.destroy();
      return;
    }
    const { topic, payload } = statusOf(member.device, member.session, true, HEARTBEAT_S);
    socket.write(publishPacket(topic, payload, { retain: true, packetId: BIRTH }));
  }

  function tick(): void {
    const now = performance.now();
    for (const member of members) {
      if (member.dueAt <= now) open(member);
      if (member.nextReport > now || !member.socket) continue;
      member.nextReport = now + REPORT_EVERY_MS;
      member.seq += 1;
      const { topic, payload } = stateOf(member.device, member.session, member.seq, {
        stream: { fps: 25, bitrateKbps: 1_500 + Math.floor(Math.random() * 1_000) },
      });
      member.socket.write(publishPacket(topic, payload, { packetId: BIRTH + 1 + (member.seq % 60_000) }));
    }
  }
  setInterval(tick, TICK_MS);
  setInterval(() => {
    const born = members.filter((member) => member.born).length;
    tell({ kind: 'figures', born, acknowledged, broken, refused });
  }, REPORT_MS);
  tell({ kind: 'ready' });
}

process.once('message', (settings: SwarmSettings) => run(settings));
// Connections break with the process, as with a power cut: nobody says goodbye.
process.on('disconnect', () => process.exit());
