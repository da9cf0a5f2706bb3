import { Gauge, type Registry } from 'prom-client';
import type { NoticeReceiver } from '../contract/notices.ts';
import type { Notify } from './notify.ts';

/** Adds how notices get through, receiver by receiver, to a Prometheus registry. */
export function registerNoticeMetrics(registry: Registry, notices: Pick<Notify, 'receivers'>): void {
  const gauge = (name: string, help: string, of: (receiver: NoticeReceiver) => number) =>
    new Gauge({
      ...{ name, help, labelNames: ['receiver'], registers: [registry] },
      async collect() {
        for (const one of await notices.receivers()) this.set({ receiver: one.name }, of(one));
      },
    });
  gauge('kalancha_notices_failing', '1 while notices do not get through to a receiver', ({ state }) =>
    state === 'failing' ? 1 : 0,
  );
  gauge('kalancha_notices_waiting', 'Notices that wait for a receiver', ({ waiting }) => waiting);
  gauge(
    'kalancha_notices_given_up',
    'Notices that a receiver was never told and will not be',
    ({ givenUp }) => givenUp,
  );
}
