import { Counter, Gauge, type Registry } from 'prom-client';
import { PictureProblems } from '../contract/pictures.ts';
import type { Pictures } from './pictures.ts';

/** Adds what looking at pictures finds and costs to a Prometheus registry. */
export function registerPictureMetrics(registry: Registry, pictures: Pick<Pictures, 'figures'>): void {
  const registers = [registry];
  let told = { checks: 0, cpuS: 0, undecodable: 0 };
  const counter = (name: string, help: string, key: keyof typeof told) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        const now = pictures.figures()[key];
        this.inc(now - told[key]);
        told = { ...told, [key]: now };
      },
    });
  counter('kalancha_picture_checks_total', 'Keyframes looked at', 'checks');
  counter('kalancha_picture_undecodable_total', 'Keyframes that could not be decoded', 'undecodable');
  counter('kalancha_picture_cpu_seconds_total', 'CPU time that looking at keyframes took', 'cpuS');
  new Gauge({
    name: 'kalancha_picture_interval_seconds',
    help: 'Usual time between two looks at a camera',
    registers,
    collect() {
      this.set(pictures.figures().intervalMs / 1_000);
    },
  });
  new Gauge({
    name: 'kalancha_picture_oldest_seconds',
    help: 'Longest time that a running camera was not looked at',
    registers,
    collect() {
      this.set(pictures.figures().oldestMs / 1_000);
    },
  });
  new Gauge({
    name: 'kalancha_picture_findings',
    help: 'Cameras with something wrong in the picture',
    labelNames: ['problem'],
    registers,
    collect() {
      const { findings } = pictures.figures();
      for (const problem of PictureProblems) this.set({ problem }, findings[problem]);
    },
  });
}
