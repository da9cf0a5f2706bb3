import { describe, expect, it } from 'vitest';
import type { Monitoring } from '../../main/contract/health.ts';
import { troubleOf } from '../../main/contract/trouble.ts';
import { blindness, statusesUnknown } from './blindness.ts';

const well: Monitoring = {
  broker: { kind: 'embedded', address: 'mqtt://127.0.0.1:1883', downSince: null, error: null },
  ingestStalledSince: null,
  recorder: { failingSince: null, error: null, cameras: 6, recording: 6, freeBytes: null, disks: [] },
  history: { failingSince: null, error: null, lostBatches: 0 },
  clockJumpedAt: null,
  messagesPerSecond: 5,
  counts: { camera: {}, ap: {}, switch: {} },
};
const brokerDown = { ...well, broker: { ...well.broker, downSince: 1 } };
const stalled = { ...well, ingestStalledSince: 1 };
const disk = { place: 2, state: 'full', reason: 'no-room', since: 1, roomHours: null } as const;
const diskFull = { ...well, recorder: { ...well.recorder, disks: [disk] } };
const recorderFails = { ...well, recorder: { ...well.recorder, failingSince: 1 } };

describe('are we blind?', () => {
  it('says the most sweeping thing first', () => {
    expect(blindness(well, true)).toBeNull();
    expect(blindness({ ...brokerDown, ...stalled, broker: brokerDown.broker }, false)).toBe('hub');
    expect(blindness({ ...stalled, broker: brokerDown.broker }, true)).toBe('broker');
    expect(blindness({ ...stalled, recorder: recorderFails.recorder }, true)).toBe('ingest');
    expect(blindness(recorderFails, true)).toBe('recorder');
    expect(blindness(diskFull, true)).toBe('disk');
    expect(blindness({ ...diskFull, recorder: { ...diskFull.recorder, failingSince: 1 } }, true)).toBe(
      'recorder',
    );
  });

  it('sees on while values of reports cannot be stored', () => {
    expect(
      blindness(
        { ...well, history: { failingSince: 1, error: troubleOf('disk-full', 'full'), lostBatches: 2 } },
        true,
      ),
    ).toBeNull();
  });

  it('claims nothing before the hub said anything', () => {
    expect(blindness(null, true)).toBeNull();
    expect(blindness(null, false)).toBe('hub');
  });

  it('knows the devices still when only the recorder fails', () => {
    expect(statusesUnknown(blindness(recorderFails, true))).toBe(false);
    expect(statusesUnknown(blindness(diskFull, true))).toBe(false);
    expect(statusesUnknown(blindness(stalled, true))).toBe(true);
    expect(statusesUnknown(blindness(brokerDown, true))).toBe(true);
    expect(statusesUnknown(blindness(well, false))).toBe(true);
    expect(statusesUnknown(null)).toBe(false);
  });
});
