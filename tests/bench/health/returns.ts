import { connectAsync } from 'mqtt';
import { topicOf } from '../../../main/mqtt/topics.ts';
import { freePort } from '../../support/free-port.ts';
import { atMost, type Figure } from '../figures.ts';
import { pause } from '../video/proc.ts';
import type { BenchCity, CityDevice } from './city.ts';
import { type CityHub, startCityHub } from './hub.ts';
import { someDevices } from './load.ts';
import { CITY } from './messages.ts';
import type { HealthOptions } from './options.ts';
import { startSwarm } from './swarm.ts';

const BACK_LIMIT_S = 30;
const CONNECTIONS_A_SECOND = 700;
/** Devices that lost their connection come back within so long. */
const SPREAD_MS = 15_000;
const REPORT_EVERY_MS = 30_000;
const GATEWAY_CONNECTIONS = 16;
/** Two and a half heartbeats, the hold-off and the parent's hold: what the break caused would be told by now. */
const AFTERWARDS_MS = 120_000;

interface Gateways {
  stop(): Promise<void>;
}

/** Switches that report, each half minute, for every device below them that has no connection of its own. */
async function startGateways(port: number, city: BenchCity, own: ReadonlySet<string>): Promise<Gateways> {
  const below = new Map<string, CityDevice[]>();
  for (const device of city.devices)
    if (device.parentId !== null && !own.has(device.id)) {
      const siblings = below.get(device.parentId) ?? [];
      if (siblings.push(device) === 1) below.set(device.parentId, siblings);
    }
  const switches = city.devices.filter(({ kind }) => kind === 'switch').map(({ id }) => id);
  const clients = await Promise.all(
    Array.from({ length: GATEWAY_CONNECTIONS }, () =>
      connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 500, queueQoSZero: false }),
    ),
  );
  const session = Date.now();
  /** A report that could not be sent has no number: only what got lost leaves a gap. */
  const seqs = new Map<string, number>();
  let turn = 0;
  let sent = 0;
  const started = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - started) / REPORT_EVERY_MS) * switches.length;
    for (; turn < due; turn++) {
      const id = switches[turn % switches.length] ?? '';
      const client = clients[turn % GATEWAY_CONNECTIONS];
      if (!client?.connected) continue;
      const seq = (seqs.get(id) ?? 0) + 1;
      seqs.set(id, seq);
      const head = { v: 1, session, seq, ts: Date.now() };
      const states = (below.get(id) ?? []).map((device) => ({
        ...{ ...head, id: device.id, uptimeS: seq * 30 },
        ...(device.kind === 'camera' ? { stream: { fps: 25, bitrateKbps: 1_500 + ((turn * 7) % 900) } } : {}),
      }));
      client.publish(topicOf(CITY, 'gateway', id, 'state'), JSON.stringify({ ...head, id, states }), {
        qos: 1,
      });
      sent += 1;
    }
  }, 20);
  return {
    async stop() {
      clearInterval(timer);
      if (sent === 0) throw new Error('the gateways said nothing');
      await Promise.all(clients.map((client) => client.endAsync(true)));
    },
  };
}

const notOnline = async (hub: CityHub): Promise<number> => {
  const text = await (await fetch(`${hub.hub.httpUrl}/metrics`)).text();
  const counts = [...text.matchAll(/^kalancha_devices\{.*status="([^"]+)".*\} (\d+)$/gm)];
  return counts.reduce((sum, [, status, count]) => sum + (status === 'online' ? 0 : Number(count)), 0);
};

async function untilAllOnline(hub: CityHub, limitMs: number): Promise<void> {
  for (const end = performance.now() + limitMs; (await notOnline(hub)) > 0; await pause(500))
    if (performance.now() > end) throw new Error(`${await notOnline(hub)} devices are not online`);
}

/** The hub is killed and started again: everybody with a connection of his own comes back at once. */
export async function returns(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const mqttPort = await freePort();
  const hub = await startCityHub(city, { ...options, args: ['--mqtt-port', String(mqttPort)] });
  const devices = someDevices(city, options.connections);
  const own = new Set(devices.map(({ id }) => id));
  try {
    const gateways = await startGateways(mqttPort, city, own);
    const swarm = await startSwarm(hub.hub.dataDir, devices, {
      ...{ port: mqttPort, perSecond: CONNECTIONS_A_SECOND, spreadMs: SPREAD_MS },
    });
    try {
      await swarm.untilBorn(devices.length, 120_000);
      await untilAllOnline(hub, 120_000);
      const incidentsBefore = await openIncidents(hub);
      await hub.crash();
      const ready = performance.now();
      const before = swarm.figures();
      await pause(1_000);
      await swarm.untilBorn(devices.length, 120_000);
      const backS = (performance.now() - ready) / 1000;
      // How far each device had come is stored in turns: what the kill took of that is told once, as a gap.
      await pause(REPORT_EVERY_MS * 1.5);
      const missed = await hub.metric('kalancha_health_missed_total');
      await pause(AFTERWARDS_MS - REPORT_EVERY_MS * 1.5);
      const after = swarm.figures();
      const lost = await notOnline(hub);
      const raised = (await openIncidents(hub)) - incidentsBefore;
      const baseline = `${devices.length} connections with Wills, ${city.devices.length - devices.length} devices through gateways; the hub was killed with -9`;
      return [
        {
          ...atMost('all connections back after the hub’s return', backS, 's', BACK_LIMIT_S, baseline),
          note: `they spread themselves over ${SPREAD_MS / 1000} s; ${after.refused} refused`,
        },
        atMost(
          'connections that broke again, or devices that are not online, two minutes later',
          lost + Math.max(0, after.broken - before.broken - devices.length),
          'devices',
          0,
          'every birth was acknowledged',
        ),
        atMost('false incidents', raised, 'incidents', 0, `${incidentsBefore} were open before`),
        atMost(
          'reports missed by their numbers from one round after the return on',
          (await hub.metric('kalancha_health_missed_total')) - missed,
          'reports',
          0,
          'all are QoS 1; a device’s gap at the return itself is the hub’s own: its place is stored each half minute',
        ),
      ];
    } finally {
      await swarm.stop();
      await gateways.stop();
    }
  } finally {
    await hub.stop();
  }
}

async function openIncidents(hub: CityHub): Promise<number> {
  const viewer = await hub.viewer();
  const { items } = await viewer.json<{ items: unknown[] }>('/api/incidents?state=open');
  return items.length;
}
