import { describe, expect, test } from 'vitest';
import { findings, read, sample } from '../../../tests/support/dialect-samples.ts';
import { checkEvent } from '../payloads.ts';

describe('ONVIF', () => {
  test.each([
    [
      'MyDevice/onvif-ej/RuleEngine/LineDetector/Crossed/&1/2/MyImportantFence1',
      'onvif-line-crossed',
      'info',
      'onvif.RuleEngine/LineDetector/Crossed',
    ],
    [
      'MyDevice/onvif-ej/Device/Sensor/Temperature/High',
      'onvif-temperature',
      'info',
      'onvif.Device/Sensor/Temperature/High',
    ],
    [
      'MyDevice/onvif-ej/Device/HardwareFailure/StorageFailure/&SD_DISK',
      'onvif-storage-failure',
      'critical',
      'onvif.Device/HardwareFailure/StorageFailure',
    ],
  ])('%s', (topic, name, severity, type) => {
    const [event] = findings(read('onvif', topic, sample(name), 'camera'));
    expect(event).toMatchObject({ kind: 'event', severity, type });
    if (event?.kind !== 'event') throw new Error('no event');
    const { at, source, data } = event;
    expect(checkEvent({ v: 1, id: 'x', session: 0, seq: 0, ts: at, type, severity, source, data }).ok).toBe(
      true,
    );
  });

  test('the time and the items are those of the message', () => {
    const topic = 'MyDevice/onvif-ej/RuleEngine/LineDetector/Crossed/&1/2/MyImportantFence1';
    expect(findings(read('onvif', topic, sample('onvif-line-crossed'), 'camera'))).toEqual([
      {
        ...{ kind: 'event', type: 'onvif.RuleEngine/LineDetector/Crossed', severity: 'info' },
        at: Date.UTC(2008, 9, 10, 12, 24, 57, 321),
        source: { VideoSource: '1', AnalyticsConfiguration: '2', Rule: 'MyImportantFence1' },
        data: { ObjectId: '15' },
      },
    ]);
  });

  test.each([
    ['onvif-bad-quote', 'not-json'],
    ['onvif-bad-brace', 'not-json'],
    ['onvif-bad-time', 'wrong-field /UtcTime'],
    ['onvif-bad-no-source', 'wrong-field /Source'],
    ['onvif-bad-items', 'wrong-field /Source/SimpleItem/0/Name'],
  ])('%s is refused', (name, reason) => {
    expect(read('onvif', 'MyDevice/onvif-ej/Device/X', sample(name), 'camera')).toMatchObject({
      ok: false,
      reason,
    });
  });

  test.each([
    [
      'E4:30:22:F3:31:AA/onvif-ej/Device/tns1:Trigger/tns1:Relay/&Relay-1',
      'onvif-hanwha-relay',
      'info',
      'Device/Trigger/Relay',
      { RelayToken: 'Relay-1' },
      { LogicalState: 'active' },
    ],
    [
      'x/onvif-ej/tns1:VideoSource/SignalLoss/&1',
      'onvif-hanwha-items',
      'critical',
      'VideoSource/SignalLoss',
      { VideoSourceConfigurationToken: '1' },
      { State: 'true' },
    ],
    [
      'LPR/onvif-ej/VideoSource/MotionAlarm/&1',
      'onvif-motion',
      'info',
      'VideoSource/MotionAlarm',
      { Source: 1 },
      { State: true },
    ],
    [
      'x/onvif-ej/Device/HardwareFailure/acme:LensFailure',
      'onvif-humidity',
      'info',
      'Device/HardwareFailure/acme:LensFailure',
      { SensorID: 'humidity_001' },
      { Value: 65.2, Threshold: 60 },
    ],
  ])('%s as cameras send it', (topic, name, severity, type, source, data) => {
    expect(findings(read('onvif', topic, sample(name), 'camera'))).toEqual([
      { kind: 'event', at: expect.any(Number), type: `onvif.${type}`, severity, source, data },
    ]);
  });

  test('keys tell apart what comes from one source at one moment', () => {
    const of = (object: string) =>
      JSON.stringify({
        ...{ UtcTime: '2024-05-01T10:00:00Z', Source: { Rule: 'Line' }, Key: { ObjectId: object } },
        Data: { State: 'true' },
      });
    const [one] = findings(
      read('onvif', 'cam/onvif-ej/RuleEngine/LineDetector/Crossed', Buffer.from(of('15'))),
    );
    expect(one).toMatchObject({ source: { Rule: 'Line', ObjectId: '15' }, data: { State: 'true' } });
  });

  test('zero bytes say that a property is gone, so the camera lives', () => {
    expect(findings(read('onvif', 'MyDevice/onvif-ej/Device/X', Buffer.alloc(0), 'camera'))).toEqual([
      { kind: 'contact' },
    ]);
  });
});
