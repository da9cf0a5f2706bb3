import { connect, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';
import { WebSocket } from 'ws';
import { atMost, type Figure } from '../figures.ts';
import { cpuMs, pause } from '../video/proc.ts';
import { startBroker } from './broker.ts';
import type { BenchCity, CityDevice } from './city.ts';
import { type CityHub, startCityHub } from './hub.ts';
import { someDevices, USUAL_RATE } from './load.ts';
import { statusOf } from './messages.ts';
import type { HealthOptions } from './options.ts';
import { publishPacket } from './packets.ts';

const CONSOLES = 200;
/** The hub takes so many of one person. */
const A_PERSON = 20;
const WINDOW_MS = 15_000;
const WINDOWS = 2;
const TICK_MS = 50;
/** A device is suspected for so long: less than the grace, so that nobody is told of incidents. */
const SUSPECTED_MS = 3_000;

/** Devices whose status changes all the time: suspected by a Will, back before the grace is over. */
async function startChanges(port: number, devices: readonly CityDevice[], perSecond: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.write(
    generate({
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 0 },
      clientId: 'bench-changes',
    }),
  );
  // Only CONNACK comes back: everything is sent with QoS 0.
  socket.resume();
  const session = Date.now();
  const say = (device: CityDevice, online: boolean) => {
    const { topic, payload } = statusOf(device, session, online);
    return publishPacket(topic, payload, { qos: 0 });
  };
  for (const device of devices) socket.write(say(device, true));
  await pause(3_000);
  const started = performance.now();
  const waiting: { device: CityDevice; at: number }[] = [];
  let turn = 0;
  let sent = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const packets: Buffer[] = [];
    while (waiting[0] && waiting[0].at <= now) {
      const back = waiting.shift();
      if (back) packets.push(say(back.device, true));
    }
    const due = ((now - started) / 1000) * (perSecond / 2);
    for (; turn < due; turn++) {
      const device = devices[turn % devices.length];
      if (!device) continue;
      packets.push(say(device, false));
      waiting.push({ device, at: now + SUSPECTED_MS });
    }
    sent += packets.length;
    socket.write(Buffer.concat(packets));
  }, TICK_MS);
  return {
    sent: () => sent,
    stop() {
      clearInterval(timer);
      socket.destroy();
    },
  };
}

/** @param signIn makes a person, or signs in one who was made */
async function openConsoles(hub: CityHub, count: number, signIn: CityHub['person']) {
  const sockets: WebSocket[] = [];
  let bytes = 0;
  for (let person = 0; person * A_PERSON < count; person++) {
    const { cookie } = await signIn(`console-${person}`);
    for (let i = 0; i < Math.min(A_PERSON, count - person * A_PERSON); i++) {
      const socket = new WebSocket(`${hub.hub.httpUrl.replace('http', 'ws')}/api/events`, {
        headers: { cookie, origin: hub.hub.httpUrl },
      });
      sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      socket.on('message', (data: Buffer) => {
        bytes += data.length;
      });
      socket.send(JSON.stringify({ type: 'hello' }));
    }
  }
  return {
    bytes: () => bytes,
    open: () => sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length,
    stop: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

/** CPU that the hub uses over a while, % of a core, and the status changes in it. */
async function used(hub: CityHub): Promise<{ share: number; changes: number }> {
  const before = { cpu: cpuMs(hub.hub.pid), changes: await hub.metric('kalancha_status_changes_total') };
  const started = performance.now();
  await pause(WINDOW_MS);
  const ms = performance.now() - started;
  return {
    share: ((cpuMs(hub.hub.pid) - before.cpu) / ms) * 100,
    changes: (((await hub.metric('kalancha_status_changes_total')) - before.changes) * 1000) / ms,
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What it costs to tell 200 consoles of 5,700 status changes a second: with them and without them, in turns. */
export async function consoles(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const broker = await startBroker();
  try {
    const hub = await startCityHub(city, options, broker.url);
    try {
      const devices = someDevices(city, USUAL_RATE * 3);
      const changes = await startChanges(broker.port, devices, USUAL_RATE);
      try {
        await pause(2 * SUSPECTED_MS);
        const alone: number[] = [];
        const together: number[] = [];
        const seen: number[] = [];
        let bytesASecond = 0;
        for (let i = 0; i < WINDOWS; i++) {
          const without = await used(hub);
          alone.push(without.share);
          const sockets = await openConsoles(hub, CONSOLES, i === 0 ? hub.person : hub.signedIn);
          try {
            await pause(2_000);
            const from = sockets.bytes();
            const watched = await used(hub);
            together.push(watched.share);
            seen.push(watched.changes);
            bytesASecond = ((sockets.bytes() - from) * 1000) / WINDOW_MS / CONSOLES;
            if (sockets.open() < CONSOLES)
              throw new Error(`only ${sockets.open()} consoles stayed connected`);
          } finally {
            sockets.stop();
          }
          await pause(1_000);
        }
        return [
          {
            ...atMost(
              `${CONSOLES} consoles at ${Math.round(mean(seen))} status changes/s, what they add`,
              mean(together) - mean(alone),
              '% of a core',
              10,
              `without consoles the same stream costs ${mean(alone).toFixed(1)} %`,
            ),
            note: `${(bytesASecond / 1000).toFixed(0)} KB/s a console`,
          },
        ];
      } finally {
        changes.stop();
      }
    } finally {
      await hub.stop();
    }
  } finally {
    await broker.stop();
  }
}
