import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { CommandSpec } from '../contract/command-spec.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { LatestReport } from '../health/types.ts';
import { isNotConnected } from '../mqtt/broker-errors.ts';
import type { RunningBroker } from '../mqtt/embedded-broker.ts';
import { topicOf } from '../mqtt/topics.ts';
import type { DeviceCommand } from './types.ts';
import type { WallTimes } from './wall-times.ts';
import { payloadOf, textOf } from './wire.ts';

const RETRY_MS = 1_000;

interface Waiting {
  command: DeviceCommand;
  spec: CommandSpec;
  /** Undefined until whoever is to do it was looked up. */
  topic: string | undefined;
  /** Monotonic ms; infinite while it is under way. */
  nextAt: number;
  /** Monotonic ms after which nobody may begin: a wall clock that is set right neither shortens nor prolongs it. */
  untilAt: number;
  /** The broker may have it although it did not say so. */
  doubtful: boolean;
}

/** The way to the devices, as far as commands go. */
export type CommandBroker = Pick<RunningBroker, 'send' | 'hears' | 'keeps'>;

/**
 * Gives commands that are stored as sent to the broker, again until it has them or their time is over: to the embedded
 * one, which forgets with the hub, only when somebody is there to hear it.
 */
export interface Delivery {
  add(command: DeviceCommand, spec: CommandSpec): void;
  /**
   * One from before a restart of the hub that was not answered. The broker may have it already, and the device too: it
   * knows it again by its request id. Goes out at the next tick at the earliest.
   */
  again(command: DeviceCommand, spec: CommandSpec): void;
  /** Whether it is still to be given to the broker. */
  waits(command: DeviceCommand): boolean;
  /** Tries no more. @returns whether the broker surely never got it: then the device never will */
  withdraw(command: DeviceCommand): boolean;
  tick(): void;
  stop(): Promise<void>;
}

export function createDelivery(options: {
  city: string;
  clock: Clock;
  wall: Pick<WallTimes, 'setSince'>;
  log: Logger;
  broker: CommandBroker;
  get(id: string): DeviceRecord | undefined;
  latest(device: DeviceRecord): LatestReport;
  /** The broker has it. */
  delivered(command: DeviceCommand, at: number): void;
}): Delivery {
  const { city, clock, wall, log, broker, get, latest } = options;
  const waiting = new Map<string, Waiting>();
  const sending = new Set<Promise<void>>();
  let stopped = false;
  let failing = false;

  /** How far the device's clock is ahead of ours, which may have been set since it told. */
  const skewNow = ({ skewMs, details: { reportedAt } }: LatestReport): number | null =>
    skewMs === null || Number.isNaN(reportedAt) ? skewMs : skewMs - wall.setSince(reportedAt);

  async function deliver({ command, spec, untilAt }: Waiting, executor: DeviceRecord): Promise<void> {
    const { id: requestId, deviceId, executorId, port } = command;
    const leftMs = untilAt - clock.monotonic();
    const expiresAt = clock.now() + leftMs;
    try {
      const payload = payloadOf(
        spec,
        { requestId, deviceId, executorId, port, expiresAt },
        skewNow(latest(executor)),
      );
      await broker.send({
        topic: topicOf(city, executor.kind, executor.id, 'command'),
        payload: textOf(payload),
        expiresS: Math.max(1, Math.ceil(leftMs / 1000)),
        answer: { topic: topicOf(city, executor.kind, executor.id, 'ack'), correlation: requestId },
      });
      failing = false;
      waiting.delete(requestId);
      options.delivered(command, clock.now());
    } catch (error) {
      if (!failing) log.warn({ problem: messageOf(error) }, 'commands cannot be given to the broker now');
      failing = true;
      const entry = waiting.get(requestId);
      if (!entry) return;
      entry.nextAt = clock.monotonic() + RETRY_MS;
      if (!isNotConnected(error)) entry.doubtful = true;
    }
  }

  function attempt(requestId: string): void {
    const entry = waiting.get(requestId);
    if (stopped || !entry || clock.monotonic() < entry.nextAt) return;
    const { command } = entry;
    if (command.state !== 'sent') waiting.delete(requestId);
    if (command.state !== 'sent' || clock.monotonic() >= entry.untilAt) return;
    const executor = get(command.executorId);
    // After a start nobody listens before he was heard: what goes out now would be lost.
    if (!executor || latest(executor).unknownSince !== null) return;
    entry.topic ??= topicOf(city, executor.kind, executor.id, 'command');
    if (!broker.hears(entry.topic)) return;
    entry.nextAt = Number.POSITIVE_INFINITY;
    const run = deliver(entry, executor);
    sending.add(run);
    void run.finally(() => sending.delete(run));
  }

  function keep(command: DeviceCommand, spec: CommandSpec, doubtful: boolean): void {
    const { sentAt, expiresAt } = command;
    if (sentAt === null || expiresAt === null) return;
    const now = clock.now();
    const leftMs = Math.min(expiresAt - now, expiresAt - sentAt);
    // After a restart, a clock that stands before the sending cannot tell how late it is: nobody may begin any more.
    const untilAt = doubtful && now < sentAt ? Number.NEGATIVE_INFINITY : clock.monotonic() + leftMs;
    const nextAt = Number.NEGATIVE_INFINITY;
    waiting.set(command.id, { command, spec, topic: undefined, nextAt, untilAt, doubtful });
  }

  return {
    add(command, spec) {
      keep(command, spec, false);
      attempt(command.id);
    },
    again(command, spec) {
      if (command.publishedAt === null || !broker.keeps) keep(command, spec, true);
    },
    waits: ({ id }) => waiting.has(id),
    withdraw(command) {
      const entry = waiting.get(command.id);
      const had = command.publishedAt !== null;
      if (!entry) return !had;
      const inDoubt = had || entry.doubtful || entry.nextAt === Number.POSITIVE_INFINITY;
      // Kept in mind until its command ends: asked again, the answer is the same.
      if (inDoubt) entry.untilAt = Number.NEGATIVE_INFINITY;
      else waiting.delete(command.id);
      return !inDoubt;
    },
    tick() {
      for (const requestId of waiting.keys()) attempt(requestId);
    },
    async stop() {
      stopped = true;
      await Promise.all(sending);
    },
  };
}
