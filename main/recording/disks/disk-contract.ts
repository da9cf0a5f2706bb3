import type { DiskStatus } from '../../contract/recording.ts';
import type { FootageFs } from './footage-fs.ts';

export interface DiskSettings {
  /** From 1. */
  place: number;
  folder: string;
  /** Most bytes of footage on it; null leaves it to the disk. */
  maxBytes: number | null;
  /** Oldest footage goes before less than this is free. */
  minFreeBytes: number;
}

/** What the rest of the room knows of one disk for footage. */
export interface Disk {
  readonly settings: DiskSettings;
  /** With a time-out of its own. */
  readonly fs: FootageFs;
  /** Its number in the index; undefined until it was met. */
  num(): number | undefined;
  /** Rises whenever the disk is left out: files opened before are given up. */
  generation(): number;
  takes(): boolean;
  readable(): boolean;
  /** Is it what was identified? To be asked before each new file. @throws DiskTrouble, or what the system says */
  check(): Promise<void>;
  /** `inner` was made in `folder`: its name is made safe, once. */
  keepName(folder: string, inner: string): Promise<void>;
  /** The folder was removed: should it be made again, its name is made safe again. */
  forgetName(inner: string): void;
  /** Somebody met an error here. @returns whether it is the disk's, which is then left out */
  met(error: unknown): Promise<boolean>;
  wrote(bytes: number): void;
  deleted(bytes: number): void;
  /** Looks after itself: notices what is gone or full, and tries again what was left out. */
  look(): Promise<void>;
  /** Resolves when no look is under way. */
  idle(): Promise<void>;
  /** Measures anew what room there is. */
  measure(): Promise<void>;
  /** Takes in whatever disk stands in its place now, at the next look. */
  acceptOther(): void;
  status(): Omit<DiskStatus, 'cameras'>;
}
