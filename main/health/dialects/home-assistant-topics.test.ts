import { afterEach, describe, expect, test } from 'vitest';
import { sample } from '../../../tests/support/dialect-samples.ts';
import { deviceRecord, handTurned, temporaryFolder } from '../../../tests/support/health-harness.ts';
import { DialectSettings } from '../../contract/dialects.ts';
import { createDialectBook } from './dialects.ts';

const zigbee2mqtt = (mode: string) => ({
  name: 'home-assistant',
  availability_mode: mode,
  availability: [
    { topic: 'zigbee2mqtt/bridge/state', value_template: '{{ value_json.state }}' },
    { topic: 'zigbee2mqtt/{device}/availability', value_template: '{{value_json.state}}' },
  ],
});
const words = {
  name: 'home-assistant',
  availability: [
    { topic: 'site/{device}/link', payload_available: 'good', payload_not_available: 'nogood' },
    { topic: 'site/{device}/power' },
  ],
};
const online = sample('zigbee2mqtt-online');
const offline = sample('zigbee2mqtt-offline');

describe('settings', () => {
  test.each([
    [
      'a template that reckons',
      { availability: [{ topic: '{device}/x', value_template: "{{ 'online' if value == '1' }}" }] },
    ],
    ['no topic of a device', { availability: [{ topic: 'bridge/state' }] }],
    ['two names in a topic', { availability: [{ topic: '{device}/{device}' }] }],
    ['a wildcard', { availability: [{ topic: '+/{device}/x' }] }],
    ['our own topics', { availability: [{ topic: 'kalancha/v1/{device}/x' }] }],
    ['a prefix beside it', { prefix: 'x', availability: [{ topic: '{device}/x' }] }],
    ['another dialect', { name: 'homie', availability: [{ topic: '{device}/x' }] }],
    ['a mode of nothing', { availability_mode: 'all' }],
  ])('%s is refused', (_what, more) => {
    expect(DialectSettings.safeParse({ name: 'home-assistant', ...more }).success).toBe(false);
  });

  test('topics are subscribed and taken apart; words are compared to the letter', () => {
    const book = createDialectBook(
      [DialectSettings.parse(zigbee2mqtt('all')), DialectSettings.parse(words)],
      (name) => name,
    );
    expect(book.filters).toEqual({
      'zigbee2mqtt/bridge/state': { qos: 1 },
      'zigbee2mqtt/+/availability': { qos: 1 },
      'site/+/link': { qos: 1 },
      'site/+/power': { qos: 1 },
    });
    expect(book.parse('zigbee2mqtt/bridge/state')?.deviceId).toBeUndefined();
    expect(book.parse('zigbee2mqtt/lamp/availability')?.deviceId).toBe('lamp');
    for (const topic of ['zigbee2mqtt/lamp/state', 'site//link', 'site/a/b/link', 'lamp/availability'])
      expect(book.parse(topic)).toBeUndefined();
    const read = (topic: string, payload: string | Buffer) => {
      const foreign = book.parse(topic);
      const opened = foreign && book.open(foreign);
      return opened?.dialect.read(opened.address, Buffer.from(payload), 'ap');
    };
    expect(read('site/a/link', 'good')).toMatchObject({ findings: [{ kind: 'part', part: 0, up: true }] });
    expect(read('site/a/power', 'offline')).toMatchObject({
      findings: [{ part: 1, up: false, mode: 'latest' }],
    });
    expect(read('site/a/link', '')).toMatchObject({ findings: [] });
    for (const word of ['Good', 'online', '{}'])
      expect(read('site/a/link', word)).toMatchObject({ reason: 'unknown-state' });
    expect(read('zigbee2mqtt/a/availability', sample('zigbee2mqtt-bad-field'))).toMatchObject({
      reason: 'wrong-field /state',
    });
    expect(read('zigbee2mqtt/a/availability', 'online')).toMatchObject({ reason: 'not-json' });
  });
});

describe('in the health room', () => {
  const devices = [deviceRecord(1, 'ap', 'one'), deviceRecord(2, 'ap', 'two')];
  const folders: ReturnType<typeof temporaryFolder>[] = [];
  const hubs: Awaited<ReturnType<typeof handTurned>>[] = [];
  afterEach(async () => {
    for (const hub of hubs.splice(0)) await hub.stop();
    for (const folder of folders.splice(0)) folder.remove();
  });
  async function withSettings(settings: unknown) {
    const folder = temporaryFolder();
    folders.push(folder);
    const hub = await handTurned(folder.path, [...devices], {
      settings: [DialectSettings.parse(settings)],
      identities: async () => devices.map(({ id }) => ({ id, serial: '', mac: '' })),
    });
    hubs.push(hub);
    const bridge = (payload: Buffer) => hub.tell('zigbee2mqtt/bridge/state', payload);
    const own = (id: string, payload: Buffer) => hub.tell(`zigbee2mqtt/${id}/availability`, payload);
    return { hub, bridge, own, statuses: () => devices.map(({ id }) => hub.statusOf(id)) };
  }

  test('all: the bridge takes its devices along, and brings back those that are there themselves', async () => {
    const { hub, bridge, own, statuses } = await withSettings(zigbee2mqtt('all'));
    own('one', online);
    own('two', online);
    expect(statuses()).toEqual(['online', 'online']);
    bridge(online);
    bridge(offline);
    expect(statuses()).toEqual(['suspect', 'suspect']);
    own('two', offline);
    hub.seconds(11);
    expect(statuses()).toEqual(['offline', 'offline']);
    bridge(online);
    expect(statuses()).toEqual(['online', 'offline']);
    expect(hub.health.totals().strangers).toBe(0);
  });

  test('any: one topic that says so is enough', async () => {
    const { hub, statuses } = await withSettings({ ...words, availability_mode: 'any' });
    hub.tell('site/one/link', 'good');
    hub.tell('site/one/power', 'online');
    hub.tell('site/one/link', 'nogood');
    expect(statuses()[0]).toBe('online');
    hub.tell('site/one/power', 'offline');
    expect(statuses()[0]).toBe('suspect');
  });

  test('latest, which is what is meant without a mode: who spoke last is right, the bridge for all', async () => {
    const { bridge, own, statuses } = await withSettings({
      ...zigbee2mqtt('latest'),
      availability_mode: undefined,
    });
    own('one', online);
    own('two', offline);
    bridge(online);
    expect(statuses()).toEqual(['online', 'online']);
    own('one', offline);
    expect(statuses()).toEqual(['suspect', 'online']);
    bridge(offline);
    expect(statuses()).toEqual(['suspect', 'suspect']);
  });

  test('what a bridge says that cannot be read is nobody’s fault', async () => {
    const { hub, bridge, own, statuses } = await withSettings(zigbee2mqtt('all'));
    own('one', online);
    bridge(sample('zigbee2mqtt-bad-field'));
    expect(statuses()).toEqual(['online', 'never-seen']);
    expect(hub.health.refused()).toEqual([]);
  });
});
