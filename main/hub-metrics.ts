import { createMetrics, type Metrics } from './api/metrics.ts';
import type { Clock } from './base/clock.ts';
import { registerCommandMetrics } from './commands/metrics.ts';
import { registerMessageMetrics } from './health/message-metrics.ts';
import { registerHistoryMetrics } from './history/history-metrics.ts';
import { registerBrokerMetrics } from './mqtt/metrics.ts';
import { registerNoticeMetrics } from './notify/metrics.ts';
import { registerPictureMetrics } from './pictures/metrics.ts';
import { registerDiskMetrics } from './recording/metrics.ts';
import { registerVideoMetrics } from './video/metrics.ts';

type Second<F extends (...args: never) => unknown> = Parameters<F>[1];

/** The registry of Prometheus with what every room counts. */
export function createHubMetrics(rooms: {
  bus: Parameters<typeof createMetrics>[0];
  health: Parameters<typeof createMetrics>[1] & Second<typeof registerMessageMetrics>;
  history: Second<typeof registerHistoryMetrics>;
  clock: Clock;
  broker: Second<typeof registerBrokerMetrics>;
  notices: Second<typeof registerNoticeMetrics>;
  commands: Second<typeof registerCommandMetrics>;
  recording: Second<typeof registerDiskMetrics> & Parameters<typeof registerVideoMetrics>[2];
  video: Second<typeof registerVideoMetrics>;
  pictures: Second<typeof registerPictureMetrics>;
  /** How many look at footage just now. */
  watching(): number;
}): Metrics {
  const { bus, clock, health, history, broker, notices, commands, recording, video, pictures } = rooms;
  const metrics = createMetrics(bus, health);
  const { registry } = metrics;
  registerMessageMetrics(registry, health);
  registerHistoryMetrics(registry, history);
  registerBrokerMetrics(registry, broker, clock.now);
  registerNoticeMetrics(registry, notices);
  registerCommandMetrics(registry, commands);
  registerDiskMetrics(registry, recording);
  registerVideoMetrics(registry, video, recording, rooms.watching);
  registerPictureMetrics(registry, pictures);
  return metrics;
}
