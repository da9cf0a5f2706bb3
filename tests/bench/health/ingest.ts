import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atLeast, atMost, type Figure, shown } from '../figures.ts';
import { cpuMs, memoryBytes } from '../video/proc.ts';
import { startBroker } from './broker.ts';
import type { BenchCity } from './city.ts';
import { type CityHub, startCityHub } from './hub.ts';
import { rateFor } from './load.ts';
import type { HealthOptions } from './options.ts';
import { type Publisher, startPublisher } from './publisher.ts';
import { storedSamples } from './stored-samples.ts';

const LEAST_PER_SECOND = 60_000;
const SHARE_OF_BARE = 0.5;
const WARM_UP_MS = 5_000;
const CEILING_MS = 20_000;
/** Messages on the way: enough to keep everybody busy, too few to hide who is slow. */
const ON_THE_WAY = 30_000;
const ASK_EVERY_MS = 100;

/** Messages a second that `received` can follow, when it gets the next ones as soon as it took the last. */
async function ceiling(publisher: Publisher, received: () => Promise<number>): Promise<number> {
  const first = await received();
  const started = performance.now();
  let from: { count: number; at: number } | undefined;
  for (;;) {
    const count = await received();
    const at = performance.now();
    publisher.allow(count - first + ON_THE_WAY);
    if (!from && at - started > WARM_UP_MS) from = { count, at };
    if (from && at - started > WARM_UP_MS + CEILING_MS) return ((count - from.count) * 1000) / (at - from.at);
    await pause(ASK_EVERY_MS);
  }
}

/** What `mosquitto_sub` takes of the same stream, printing one letter for each message. */
async function bare(city: BenchCity): Promise<number> {
  const broker = await startBroker();
  const subscriber = spawn(
    'mosquitto_sub',
    ['-p', String(broker.port), '-q', '0', '-t', 'kalancha/v1/+/+/+/+/state', '-F', 'x'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let bytes = 0;
  subscriber.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const folder = city.copy();
  try {
    await pause(500);
    const publisher = await startPublisher(folder.dir, city.devices, { port: broker.port, qos: 0, allow: 0 });
    try {
      return await ceiling(publisher, async () => bytes / 2);
    } finally {
      await publisher.stop();
    }
  } finally {
    const exited = once(subscriber, 'exit');
    subscriber.kill('SIGKILL');
    await exited;
    await broker.stop();
    folder.remove();
  }
}

interface Sustained {
  perSecond: number;
  sent: number;
  taken: number;
  missed: number;
  cpuMicros: number;
  memory: { early: number; late: number };
}

/** A load that goes on for minutes; then whatever is still on the way may arrive. */
async function sustained(
  hub: CityHub,
  publisher: Publisher,
  { rate, minutes }: { rate: number; minutes: number },
): Promise<Sustained> {
  await settled(hub);
  const before = { taken: await hub.messages(), cpu: cpuMs(hub.hub.pid), at: performance.now() };
  const sentBefore = publisher.figures().sent;
  publisher.allow(Number.MAX_SAFE_INTEGER);
  publisher.rate(rate);
  await pause((minutes * 60_000) / 2);
  const early = memoryBytes(hub.hub.pid).pss;
  await pause((minutes * 60_000) / 2);
  const taken = (await hub.messages()) - before.taken;
  const elapsedS = (performance.now() - before.at) / 1000;
  const cpuMicros = ((cpuMs(hub.hub.pid) - before.cpu) * 1000) / taken;
  const late = memoryBytes(hub.hub.pid).pss;
  publisher.rate(0);
  await settled(hub);
  return {
    ...{ perSecond: taken / elapsedS, cpuMicros, memory: { early, late } },
    sent: publisher.figures().sent - sentBefore,
    taken: (await hub.messages()) - before.taken,
    missed: await hub.metric('kalancha_health_missed_total'),
  };
}

/** Waits until no more messages come. */
async function settled(hub: CityHub): Promise<void> {
  for (let last = -1; ; ) {
    const now = await hub.messages();
    if (now === last) return;
    last = now;
    await pause(2_000);
  }
}

async function throughMosquitto(options: HealthOptions, city: BenchCity) {
  const broker = await startBroker();
  try {
    const hub = await startCityHub(city, options, broker.url);
    try {
      const publisher = await startPublisher(hub.hub.dataDir, city.devices, {
        ...{ port: broker.port, qos: 0, allow: 0 },
      });
      const most = await ceiling(publisher, hub.messages);
      publisher.rate(0);
      const rate = rateFor(city, LEAST_PER_SECOND * 1.02);
      const run = await sustained(hub, publisher, { rate, minutes: options.minutes });
      const all = await hub.messages();
      const refused = await hub.metric('kalancha_health_quarantined_total');
      await publisher.stop();
      await hub.hub.stop();
      const kept = await storedSamples(join(hub.hub.dataDir, 'history', 'history.db'));
      return { most, ...run, lost: run.sent - run.taken, unstored: all - kept, refused };
    } finally {
      await hub.stop();
    }
  } finally {
    await broker.stop();
  }
}

/** The hub's own broker, which acknowledges each message after it was stored. */
async function embedded(options: HealthOptions, city: BenchCity): Promise<number> {
  const hub = await startCityHub(city, options);
  try {
    const publisher = await startPublisher(hub.hub.dataDir, city.devices, {
      ...{ port: hub.hub.mqttPort, qos: 1, allow: 0 },
    });
    try {
      return await ceiling(publisher, hub.messages);
    } finally {
      await publisher.stop();
    }
  } finally {
    await hub.stop();
  }
}

/** How many reports a second the hub takes for good, through a real mosquitto and through its own broker. */
export async function ingest(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const subscriber = await bare(city);
  const run = await throughMosquitto(options, city);
  const own = await embedded(options, city);
  const baseline = `bare mosquitto_sub on the same stream: ${subscriber.toFixed(0)}/s`;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  return [
    {
      ...atLeast(
        `sustained through mosquitto for ${options.minutes} min, stored`,
        run.perSecond,
        'messages/s',
        LEAST_PER_SECOND,
        baseline,
      ),
      note: `${run.cpuMicros.toFixed(1)} µs of the hub's CPU a message; memory ${megabytes(run.memory.early)} at half time, ${megabytes(run.memory.late)} at the end; ${run.taken} messages`,
    },
    {
      ...atMost('lost of them on the way to the hub', run.lost, 'messages', 0, `${run.sent} sent`),
      note: `${run.missed} by their numbers`,
    },
    {
      ...atMost(
        'taken and not in the history',
        run.unstored,
        'reports',
        0,
        'counted in the stopped hub’s history',
      ),
      note: `${run.refused} refused and quarantined; the full load before is counted too`,
    },
    {
      ...atLeast('most through mosquitto', run.most / subscriber, 'x mosquitto_sub', SHARE_OF_BARE, baseline),
      note: `${run.most.toFixed(0)} messages/s`,
    },
    shown(
      'most through the embedded broker, QoS 1, acknowledged after the commit',
      own,
      'messages/s',
      baseline,
    ),
  ];
}
