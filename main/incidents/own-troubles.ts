import type { Clock } from '../base/clock.ts';
import type { Monitoring } from '../contract/health.ts';
import type { IncidentCause } from '../contract/incidents.ts';
import type { IncidentStep, OpenIncident, Root } from './engine-types.ts';

/** The hub is deaf for so long before it is an incident: a start, and a broker that takes a breath, are none. */
const DEAF_HOLD_MS = 10_000;
/** Values wait in memory meanwhile, and are stored after all when the disk is well by then. */
const UNKEPT_HOLD_MS = 60_000;

interface Watched {
  root: Extract<Root, { kind: 'hub' }>;
  cause: IncidentCause;
  holdMs: number;
  /** What is wrong now; null when nothing is. */
  problem(monitoring: Monitoring): string | null;
  /** Since when, by the monotonic clock; undefined while all is well. */
  since: number | undefined;
  told: boolean;
}

/** What may be wrong with the hub itself for longer than a breath: it hears no devices, or keeps none of their values. */
export interface OwnTroubles {
  /** Looks, and has the engine told what began or ended. */
  look(): void;
  /** Something is wrong that is not told yet: it has to be looked at again. */
  waiting(): boolean;
}

/** @param open incidents that are open already */
export function createOwnTroubles(options: {
  clock: Clock;
  open: readonly OpenIncident[];
  monitoring(): Monitoring;
  own(root: Root, cause: IncidentCause, reason: string | null, at: number): readonly IncidentStep[];
  note(steps: readonly IncidentStep[]): void;
}): OwnTroubles {
  const { clock } = options;
  const watch = (watched: Omit<Watched, 'since' | 'told'>): Watched => ({
    ...watched,
    since: undefined,
    told: options.open.some(
      ({ root, clearedAt }) => root.kind === 'hub' && root.part === watched.root.part && clearedAt === null,
    ),
  });
  const all = [
    watch({
      root: { kind: 'hub', part: 'hearing' },
      cause: 'monitoring',
      holdMs: DEAF_HOLD_MS,
      problem: ({ broker, ingestStalledSince }) =>
        broker.downSince !== null ? 'broker' : ingestStalledSince !== null ? 'ingest' : null,
    }),
    watch({
      root: { kind: 'hub', part: 'history' },
      cause: 'history',
      holdMs: UNKEPT_HOLD_MS,
      problem: ({ history }) => (history.failingSince === null ? null : (history.error?.code ?? '')),
    }),
  ];

  function follow(one: Watched, problem: string | null): void {
    one.since = problem === null ? undefined : (one.since ?? clock.monotonic());
    if (one.since !== undefined && clock.monotonic() - one.since < one.holdMs) return;
    if (one.told === (problem !== null)) return;
    one.told = problem !== null;
    options.note(options.own(one.root, one.cause, problem, clock.now()));
  }

  return {
    look() {
      const monitoring = options.monitoring();
      for (const one of all) follow(one, one.problem(monitoring));
    },
    waiting: () => all.some(({ since, told }) => since !== undefined && !told),
  };
}
