/// <reference lib="dom" />

import type { Page } from '@playwright/test';
import { connectAsync, type MqttClient } from 'mqtt';
import { atMost, type Figure, percentile } from '../figures.ts';
import { pause } from '../video/proc.ts';
import type { BenchCity, CityDevice } from './city.ts';
import { type LoadedHub, someCameras, startLoadedHub } from './load.ts';
import { type Message, stateOf, statusOf } from './messages.ts';
import type { HealthOptions } from './options.ts';
import { openPage } from './page.ts';

const HEARTBEAT_S = 10;
const WILL_LIMIT_S = 15;
const SILENT_LIMIT_S = 2.5 * HEARTBEAT_S + 2;
const BETWEEN_DEATHS_MS = 700;

/** The page remembers when it first showed an incident of each device. */
const watchIncidents = (page: Page) =>
  page.evaluate(() => {
    const seen = new Map<string, number>();
    Reflect.set(globalThis, 'incidentsSeen', seen);
    const look = () => {
      for (const part of document.querySelectorAll('[data-testid=incident] span')) {
        const text = part.textContent ?? '';
        if (!seen.has(text)) seen.set(text, Date.now());
      }
    };
    new MutationObserver(look).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    look();
  });

/** Texts in incidents as they first were on the screen, with the time, UTC ms. */
const incidentsSeen = (page: Page) =>
  page.evaluate(() => [...(Reflect.get(globalThis, 'incidentsSeen') as Map<string, number>)]);

async function shownAt(
  page: Page,
  devices: readonly CityDevice[],
  limitS: number,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const end = Date.now() + limitS * 1000; ; await pause(250)) {
    const seen = new Map(await incidentsSeen(page));
    for (const { id, name } of devices) {
      const at = seen.get(name);
      if (at !== undefined) found.set(id, at);
    }
    if (found.size === devices.length || Date.now() > end) return found;
  }
}

const publish = (client: MqttClient, { topic, payload }: Message, retain = false) =>
  client.publishAsync(topic, payload, { qos: 1, retain });

/** Devices with a connection and a Will each, of which one after the other breaks. */
async function byWill(page: Page, loaded: LoadedHub, devices: readonly CityDevice[]): Promise<Figure> {
  const session = Date.now();
  const clients: { device: CityDevice; client: MqttClient }[] = [];
  const listener = await connectAsync(loaded.broker.url);
  const told: number[] = [];
  try {
    for (const device of devices) {
      const gone = statusOf(device, session, false);
      const client = await connectAsync(loaded.broker.url, {
        will: { topic: gone.topic, payload: Buffer.from(gone.payload), qos: 1, retain: true },
        reconnectPeriod: 0,
      });
      clients.push({ device, client });
      await publish(client, statusOf(device, session, true), true);
      await publish(client, stateOf(device, session, 1));
    }
    await pause(3_000);
    const broken = new Map<string, number>();
    await listener.subscribeAsync(
      devices.map((device) => statusOf(device, session, true).topic),
      { qos: 1 },
    );
    await pause(500);
    listener.on('message', (_topic, payload) => {
      const { id, online }: { id: string; online: boolean } = JSON.parse(String(payload));
      const at = broken.get(id);
      if (at !== undefined && !online) told.push(Date.now() - at);
    });
    for (const { device, client } of clients) {
      broken.set(device.id, Date.now());
      client.stream.destroy();
      await pause(BETWEEN_DEATHS_MS);
    }
    const seen = await shownAt(page, devices, WILL_LIMIT_S * 2);
    const values = devices.map(
      ({ id }) => ((seen.get(id) ?? Number.POSITIVE_INFINITY) - (broken.get(id) ?? 0)) / 1000,
    );
    return {
      ...atMost(
        'broken connection to the incident on the screen, p99',
        percentile(values, 0.99),
        's',
        WILL_LIMIT_S,
        `the Will reached another client of the broker in ${percentile(told, 0.99)} ms; the grace is 10 s`,
      ),
      note: `p50 ${percentile(values, 0.5).toFixed(1)} s of ${values.length}, at the usual load`,
    };
  } finally {
    for (const { client } of clients) await client.endAsync(true);
    await listener.endAsync(true);
  }
}

/** Devices behind a gateway that stop without a word. */
async function bySilence(page: Page, loaded: LoadedHub, devices: readonly CityDevice[]): Promise<Figure> {
  const session = Date.now();
  const gateway = await connectAsync(loaded.broker.url);
  const last = new Map<string, number>();
  try {
    for (const device of devices) await publish(gateway, statusOf(device, session, true, HEARTBEAT_S), true);
    for (let seq = 1; seq <= 4; seq++) {
      for (const device of devices) {
        await publish(gateway, stateOf(device, session, seq));
        last.set(device.id, Date.now());
        await pause((HEARTBEAT_S * 250) / devices.length);
      }
    }
    const seen = await shownAt(page, devices, SILENT_LIMIT_S * 2);
    const values = devices.map(
      ({ id }) => ((seen.get(id) ?? Number.POSITIVE_INFINITY) - (last.get(id) ?? 0)) / 1000,
    );
    return {
      ...atMost(
        `last report of a device with a heartbeat of ${HEARTBEAT_S} s to the incident on the screen, p99`,
        percentile(values, 0.99),
        's',
        SILENT_LIMIT_S,
        'two and a half heartbeats and two seconds',
      ),
      note: `p50 ${percentile(values, 0.5).toFixed(1)} s of ${values.length}`,
    };
  } finally {
    await gateway.endAsync(true);
  }
}

/** From a device's death to its incident on the screen of somebody who looks at the list. */
export async function will(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const devices = someCameras(city, 2 * Math.min(options.times, 40));
  const half = Math.ceil(devices.length / 2);
  const loaded = await startLoadedHub(options, city, new Set(devices.map(({ id }) => id)));
  try {
    const opened = await openPage(loaded.hub);
    try {
      const { page } = opened;
      await page.goto(`${loaded.hub.hub.httpUrl}/incidents`);
      await page.getByRole('navigation').first().waitFor();
      // After its start the hub tells only what it found; then deaths count at once.
      await pause(60_000);
      await watchIncidents(page);
      return [
        await byWill(page, loaded, devices.slice(0, half)),
        await bySilence(page, loaded, devices.slice(half)),
      ];
    } finally {
      await opened.stop();
    }
  } finally {
    await loaded.stop();
  }
}
