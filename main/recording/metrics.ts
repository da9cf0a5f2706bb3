import { Gauge, type Registry } from 'prom-client';
import { DiskState, type DiskStatus } from '../contract/recording.ts';
import type { Recording } from './types.ts';

/** Adds how each disk for footage does to a Prometheus registry, by its place in the settings. */
export function registerDiskMetrics(registry: Registry, recording: Pick<Recording, 'state'>): void {
  new Gauge({
    name: 'kalancha_disk_state',
    help: '1 for the state that a disk for footage is in',
    labelNames: ['disk', 'state'],
    registers: [registry],
    async collect() {
      for (const disk of (await recording.state()).disks)
        for (const state of DiskState.options)
          this.set({ disk: disk.place, state }, disk.state === state ? 1 : 0);
    },
  });
  perDisk('kalancha_disk_free_bytes', 'Bytes free on a disk for footage', (disk) => disk.freeBytes);
  perDisk('kalancha_disk_footage_bytes', 'Bytes of footage on a disk', (disk) => disk.bytes);
  perDisk('kalancha_disk_held_bytes', 'Bytes of footage on a disk that is held', (disk) => disk.heldBytes);
  perDisk('kalancha_disk_write_bytes_per_second', 'Bytes a second lately', (disk) => disk.writeRate);
  perDisk('kalancha_disk_room_hours', 'Hours until a disk is full at that rate', (disk) => disk.roomHours);
  perDisk('kalancha_disk_cameras', 'Cameras whose newest footage goes to a disk', (disk) => disk.cameras);

  /** What nobody knows of a disk is left out. */
  function perDisk(name: string, help: string, amount: (disk: DiskStatus) => number | null): void {
    new Gauge({
      name,
      help,
      labelNames: ['disk'],
      registers: [registry],
      async collect() {
        this.reset();
        for (const disk of (await recording.state()).disks) {
          const value = amount(disk);
          if (value !== null) this.set({ disk: disk.place }, value);
        }
      },
    });
  }
}
