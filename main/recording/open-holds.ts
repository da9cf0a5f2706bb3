import type { HoldRecord } from './hold-store.ts';

/** Holds that are not over, in memory by camera: timelines and quotas ask for them all the time. */
export function createOpenHolds() {
  const byId = new Map<string, HoldRecord>();
  const byCamera = new Map<string, Map<string, HoldRecord>>();
  return {
    get: (id: string): HoldRecord | undefined => byId.get(id),
    all: (): HoldRecord[] => [...byId.values()],
    /** Those that touch `[from, to)` of a camera's footage. */
    of(cameraId: string, from: number, to: number): HoldRecord[] {
      const holds = byCamera.get(cameraId)?.values() ?? [];
      return [...holds].filter((hold) => hold.from < to && hold.to > from);
    },
    /** Takes the place of the one with the same id; a hold's cameras never change. */
    put(hold: HoldRecord): void {
      byId.set(hold.id, hold);
      for (const cameraId of hold.cameraIds) {
        const holds = byCamera.get(cameraId);
        if (holds) holds.set(hold.id, hold);
        else byCamera.set(cameraId, new Map([[hold.id, hold]]));
      }
    },
    drop(id: string): void {
      const hold = byId.get(id);
      byId.delete(id);
      for (const cameraId of hold?.cameraIds ?? []) {
        const holds = byCamera.get(cameraId);
        holds?.delete(id);
        if (holds?.size === 0) byCamera.delete(cameraId);
      }
    },
  };
}
