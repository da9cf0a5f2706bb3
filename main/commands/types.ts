import type { RunReason, RunState } from '../contract/command-runs.ts';
import type { CommandSpec } from '../contract/command-spec.ts';
import type { DeviceKind } from '../contract/device.ts';
import type { Life } from './life.ts';
import type { CuttingOff } from './spec.ts';

/** One order as the hub carries it out. Times are UTC ms. */
export interface Run {
  readonly id: string;
  readonly personId: string;
  readonly personName: string;
  /** Network address that the order came from. */
  readonly from: string;
  readonly spec: CommandSpec;
  readonly reason: string;
  readonly startedAt: number;
  readonly expiresInS: number;
  readonly stopAtFailedPct: number;
  readonly pauseBetweenStages: boolean;
  /** Devices of each stage. */
  stages: readonly number[];
  endedAt: number | null;
  state: RunState;
  stateReason: RunReason | null;
  stage: number;
  stageAt: number;
  /** Failures of the stage that a person has gone on from. */
  forgiven: number;
}

/** One device's part of a run. */
export interface DeviceCommand extends Life {
  readonly id: string;
  readonly runId: string;
  readonly num: number;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly deviceKind: DeviceKind;
  readonly askedAt: number;
  /** -1: left out at the start. */
  stage: number;
  executorId: string;
  port: string | null;
}

/** Who orders, continues or stops a run. */
export interface Commander {
  personId: string;
  name: string;
  from: string;
}

/** A command under way at a device that may cut it off for a while. Times are UTC ms. */
export interface UnderWay {
  kind: CuttingOff;
  personId: string;
  personName: string;
  sentAt: number;
  /** When it counts as failed unless its effect shows. */
  until: number;
}
