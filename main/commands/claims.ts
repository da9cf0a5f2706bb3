import type { Run } from './types.ts';

/** A command that keeps others from a device. */
export interface Holder {
  commandId: string;
  /** The device that it is for. */
  num: number;
  run: Pick<Run, 'id' | 'spec' | 'personName'>;
}

/** Which command has a device for itself, by the group of what must not be done there at the same time. */
export interface Claims {
  /** Keeps a device from other commands of the group until the command ends. False: another one has it. */
  claim(group: string, holder: Holder): boolean;
  release(num: number, group: string, commandId: string): void;
  /** The command that has it. */
  holder(num: number, group: string): Holder | undefined;
}

export function createClaims(): Claims {
  const holders = new Map<string, Holder>();
  const keyOf = (num: number, group: string) => `${num} ${group}`;
  return {
    claim(group, holder) {
      const key = keyOf(holder.num, group);
      const other = holders.get(key);
      if (other && other.commandId !== holder.commandId) return false;
      holders.set(key, holder);
      return true;
    },
    release(num, group, commandId) {
      const key = keyOf(num, group);
      if (holders.get(key)?.commandId === commandId) holders.delete(key);
    },
    holder: (num, group) => holders.get(keyOf(num, group)),
  };
}
