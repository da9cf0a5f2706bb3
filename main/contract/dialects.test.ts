import { expect, test } from 'vitest';
import { DialectSettings } from './dialects.ts';

test.each([
  [{ name: 'onvif' }],
  [{ name: 'onvif', prefix: 'city/cameras' }],
  [{ name: 'home-assistant', prefix: 'zigbee2mqtt', heartbeatS: 600 }],
  [{ name: 'homie', prefix: 'kalancha-homie' }],
])('%j is taken', (settings) => {
  expect(DialectSettings.safeParse(settings).success).toBe(true);
});

test.each([
  [{ name: 'morse' }],
  [{ name: 'onvif', prefix: '' }],
  [{ name: 'onvif', prefix: '#' }],
  [{ name: 'onvif', prefix: 'city/+/cameras' }],
  [{ name: 'onvif', prefix: '/city' }],
  [{ name: 'onvif', prefix: 'city/' }],
  [{ name: 'onvif', prefix: '$SYS/broker' }],
  [{ name: 'homie', prefix: 'kalancha/v1' }],
  [{ name: 'homie', prefix: 'kalancha' }],
  [{ name: 'netjson', heartbeatS: 0 }],
  [{ name: 'netjson', heartbeat: 60 }],
])('%j is refused', (settings) => {
  expect(DialectSettings.safeParse(settings).success).toBe(false);
});
