/** Which command has a device for itself, by the group of what must not be done there at the same time. */
export interface Claims {
  /** Keeps a device from other commands of the group until the command ends. False: another one has it. */
  claim(num: number, group: string, commandId: string): boolean;
  release(num: number, group: string, commandId: string): void;
  /** The command that has it. */
  holder(num: number, group: string): string | undefined;
}

export function createClaims(): Claims {
  const holders = new Map<string, string>();
  const keyOf = (num: number, group: string) => `${num} ${group}`;
  return {
    claim(num, group, commandId) {
      const key = keyOf(num, group);
      const holder = holders.get(key);
      if (holder !== undefined && holder !== commandId) return false;
      holders.set(key, commandId);
      return true;
    },
    release(num, group, commandId) {
      const key = keyOf(num, group);
      if (holders.get(key) === commandId) holders.delete(key);
    },
    holder: (num, group) => holders.get(keyOf(num, group)),
  };
}
