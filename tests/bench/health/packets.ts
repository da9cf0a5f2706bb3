import { topicOf } from '../../../main/mqtt/topics.ts';
import type { CityDevice } from './city.ts';

/** First sequence number: seven digits from the first to the last. */
export const FIRST_SEQ = 1_000_000;
/** What numbers are written over: letters, for digits may stand in a device's id too. */
const PLACE = { session: 'S'.repeat(13), seq: 'Q'.repeat(7), ts: 'T'.repeat(13), varied: 'V'.repeat(4) };

/**
 * State reports as whole MQTT 3.1.1 PUBLISH packets in one buffer, device after device. What changes from report to
 * report has a fixed number of digits, so that the next report of a device is written over its last one: the load of
 * a whole city then costs its publisher little more than the writes to its sockets.
 */
export interface Packets {
  bytes: Buffer;
  count: number;
  /** Where the packet of each device begins; one more entry than devices. */
  starts: Uint32Array;
  /**
   * Makes the packet at `index` the next report of its device. No device reports twice in the same millisecond: the
   * history takes that for one report delivered twice. @returns its sequence number
   */
  next(index: number, packetId: number, now: number): number;
}

function stateText(device: CityDevice, index: number): string {
  const head = `{"v":1,"id":"${device.id}","session":${PLACE.session},"seq":${PLACE.seq},"ts":${PLACE.ts}`;
  const up = `"uptimeS":${100_000 + (index % 800_000)},"firmware":"11.8.64"`;
  if (device.kind === 'camera')
    return `${head},${up},"temperatureC":3${index % 10}.5,"storage":{"totalB":64000000000,"freeB":2${index % 10}000000000},"stream":{"fps":25,"bitrateKbps":${PLACE.varied},"resolution":"1920x1080"},"tamper":false}`;
  const running = `${up},"configId":"street-12","cpuPct":2${index % 10},"memory":{"totalB":536870912,"freeB":24${index % 10}000000}`;
  if (device.kind === 'switch')
    return `${head},${running},"ports":[{"port":"1","up":true,"mbps":1000,"poe":{"on":true,"watts":7}},{"port":"2","up":true,"mbps":${PLACE.varied}},{"port":"3","up":false}]}`;
  const radio = (band: string, channel: number) =>
    `{"band":"${band}","channel":${channel},"widthMHz":20,"txPowerDbm":20,"noiseDbm":-9${index % 6},"activeMs":${PLACE.ts},"busyMs":${PLACE.seq},"rxMs":1000,"txMs":1000}`;
  const ssid = (name: string) =>
    `{"ssid":"${name}","bssid":"02:00:00:00:00:01","enabled":true,"clients":3,"rxB":${PLACE.ts},"txB":${PLACE.ts}}`;
  const client = (last: number) =>
    `{"mac":"2e:00:00:00:00:0${last}","rssiDbm":-6${last},"connectedS":120,"rxKbps":${PLACE.varied},"txKbps":900}`;
  return `${head},${running},"radios":[${radio('2.4', 6)},${radio('5', 36)}],"ssids":[${ssid('Free')},${ssid('Service')}],"clients":[${client(1)},${client(2)},${client(3)}]}`;
}

/** One PUBLISH packet (MQTT 3.1.1 section 3.3); with QoS 1 its packet identifier is 0 for now. */
export function publishPacket(
  topic: string,
  payload: string | Uint8Array,
  { qos = 1, retain = false, packetId = 0 }: { qos?: 0 | 1; retain?: boolean; packetId?: number } = {},
): Buffer {
  const name = Buffer.from(topic);
  const body = Buffer.from(payload);
  const length = 2 + name.length + (qos === 1 ? 2 : 0) + body.length;
  const lengthBytes: number[] = [];
  for (let rest = length; ; rest >>>= 7) {
    lengthBytes.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([
    Buffer.of(0x30 | (qos << 1) | (retain ? 1 : 0), ...lengthBytes, name.length >> 8, name.length & 255),
    name,
    ...(qos === 1 ? [Buffer.of(packetId >> 8, packetId & 255)] : []),
    body,
  ]);
}

/** Writes `value` over the digits that end before `end`. */
function digits(bytes: Buffer, end: number, count: number, value: number): void {
  let rest = value;
  for (let at = end - 1; at >= end - count; at--) {
    const tenth = Math.floor(rest / 10);
    bytes[at] = 48 + (rest - tenth * 10);
    rest = tenth;
  }
}

/** @param session of all devices; later streams of the same devices need a higher one */
export function encodeStates(
  devices: readonly CityDevice[],
  options: { city: string; session: number; qos: 0 | 1 },
): Packets {
  const { city, session, qos } = options;
  const parts: Buffer[] = [];
  const starts = new Uint32Array(devices.length + 1);
  const ids = new Uint32Array(devices.length);
  const seqs = new Uint32Array(devices.length).fill(FIRST_SEQ);
  const times = new Float64Array(devices.length);
  /** Where digits end, device after device: place in the buffer and how many. */
  const spots: { device: number; end: number; kind: keyof typeof PLACE }[] = [];
  let length = 0;
  for (const [index, device] of devices.entries()) {
    const topic = topicOf(city, device.kind, device.id, 'state');
    const packet = publishPacket(topic, stateText(device, index), { qos });
    starts[index] = length;
    ids[index] = length + packet.length - Buffer.byteLength(stateText(device, index)) - 2;
    const text = packet.toString('latin1');
    for (const kind of ['session', 'seq', 'ts', 'varied'] as const)
      for (let at = text.indexOf(PLACE[kind]); at >= 0; at = text.indexOf(PLACE[kind], at + 1)) {
        if (kind === 'session') packet.write(String(session), at, 'latin1');
        else spots.push({ device: index, end: length + at + PLACE[kind].length, kind });
      }
    parts.push(packet);
    length += packet.length;
  }
  starts[devices.length] = length;
  const bytes = Buffer.concat(parts);
  const firstSpot = new Uint32Array(devices.length + 1);
  for (const { device } of spots) firstSpot[device + 1] = (firstSpot[device + 1] ?? 0) + 1;
  for (let i = 0; i < devices.length; i++) firstSpot[i + 1] = (firstSpot[i + 1] ?? 0) + (firstSpot[i] ?? 0);
  const ends = Uint32Array.from(spots, ({ end }) => end);
  const sizes = Uint8Array.from(spots, ({ kind }) => PLACE[kind].length);
  return {
    bytes,
    count: devices.length,
    starts,
    next(index, packetId, now) {
      const seq = (seqs[index] ?? FIRST_SEQ) + 1;
      seqs[index] = seq;
      const ts = Math.max(now, (times[index] ?? 0) + 1);
      times[index] = ts;
      if (qos === 1) bytes.writeUInt16BE(packetId, ids[index] ?? 0);
      for (let spot = firstSpot[index] ?? 0; spot < (firstSpot[index + 1] ?? 0); spot++) {
        const size = sizes[spot] ?? 0;
        const value =
          size === PLACE.ts.length
            ? ts
            : size === PLACE.seq.length
              ? seq
              : 1_000 + ((index * 7 + seq * 131) % 4_000);
        digits(bytes, ends[spot] ?? 0, size, value);
      }
      return seq;
    },
  };
}
