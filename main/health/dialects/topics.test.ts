import { describe, expect, test } from 'vitest';
import { createDialectBook, DIALECTS } from './dialects.ts';

describe('topics', () => {
  test.each([
    ['netjson', 'netjson/ap-1', 'netjson//DeviceMonitoring', 'netjson/a/DeviceMonitoring/b'],
    ['ucentral', 'ucentral/x/constructor', 'ucentral/x/state/y', 'other/x/state'],
    ['onvif', 'cam/onvif-mj/x', 'cam/onvif-ej', 'cam/onvif-ej/&1'],
    ['axis', 'axis/x/event', 'axis//event/connection', 'axis/x/status'],
    ['sparkplug', 'spBv1.0/g/NCMD/e', 'spBv1.0/g/NBIRTH/e/d', 'spBv1.0/g/DBIRTH/e', 'spBv1.0/STATE/host'],
    ['homie', 'homie/x/$homie', 'homie/5/x/y/$state', 'homie/$state'],
    ['home-assistant', 'x/y/status', '/status', 'x/state'],
  ] as const)('%s leaves other topics alone', (name, ...others) => {
    const book = createDialectBook([{ name }], () => 'anybody');
    for (const topic of others) expect(book.parse(topic)).toBeUndefined();
  });

  test('a prefix stands before the topics and their filters', () => {
    const book = createDialectBook([{ name: 'onvif', prefix: 'city/cameras' }], (name) => `id of ${name}`);
    expect(book.filters).toEqual({ 'city/cameras/+/onvif-ej/#': { qos: 1 } });
    expect(book.parse('city/cameras/E4:30:22:F3:31:AA/onvif-ej/Device/Trigger/Relay/&Relay-1')).toEqual({
      foreign: 'city/cameras/E4:30:22:F3:31:AA/onvif-ej/Device/Trigger/Relay/&Relay-1',
      channel: 'event',
      deviceId: 'id of E4:30:22:F3:31:AA',
    });
    expect(book.parse('cam/onvif-ej/Device/X')).toBeUndefined();
  });

  test('each topic that an adapter takes is one that it subscribes', () => {
    const matches = (filter: string, topic: string) => {
      const levels = topic.split('/');
      const wanted = filter.split('/');
      return (
        wanted.every((level, index) =>
          level === '#'
            ? levels.length >= index
            : level === '+'
              ? index < levels.length
              : level === levels[index],
        ) &&
        (wanted.at(-1) === '#' || wanted.length === levels.length)
      );
    };
    for (const [name, topic] of [
      ['netjson', 'netjson/a/DeviceMonitoring'],
      ['ucentral', 'ucentral/a/connection'],
      ['onvif', 'a/onvif-ej/Device/X/&1'],
      ['axis', 'axis/a/event/connection'],
      ['sparkplug', 'spBv1.0/g/DDEATH/e/d'],
      ['homie', 'homie/5/a/$state'],
      ['home-assistant', 'a/LWT'],
    ] as const) {
      const book = createDialectBook([{ name }], () => undefined);
      expect(book.parse(topic)).toBeDefined();
      expect(Object.keys(book.filters).filter((filter) => matches(filter, topic))).toHaveLength(1);
      expect(DIALECTS[name].name).toBe(name);
    }
  });
});
