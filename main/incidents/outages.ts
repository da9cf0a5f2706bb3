import type { IncidentCause } from '../contract/incidents.ts';
import { CITY_OUTAGE_DISTRICTS, CITY_OUTAGE_FROM, OUTAGE_FROM, runsOf, WHOLE_CITY } from './clusters.ts';
import type { IncidentBook } from './engine-book.ts';
import type { Commanded, EngineWorld, OpenIncident, Root } from './engine-types.ts';

/** A device's trouble that nothing above it explains. */
export interface Lone {
  num: number;
  cause: IncidentCause;
  since: number;
  foundAtStart: boolean;
  /** The command that was under way at it, or above it, when it went. */
  command?: Commanded;
}

/** What failed, alone until now: told of by nobody yet, or by an incident that an outage may turn out to explain. */
interface Failed<T> {
  num: number;
  since: number;
  fresh?: T;
  incident?: OpenIncident;
}

export const isOutage = ({ cause }: Pick<OpenIncident, 'cause'>): boolean =>
  cause === 'area-outage' || cause === 'city-outage';

const ofArea = (area: string): Root => ({ kind: 'area', area });

/** Many of one district at once are one outage, many of many districts one of the city; the others have an incident each. */
export function createOutages<T extends Lone>(options: {
  book: IncidentBook;
  world: Pick<EngineWorld, 'districtOf' | 'childrenOf'>;
  openFor(one: T, at: number): unknown;
  join(incident: OpenIncident, num: number, since: number): void;
  /** Whether it is new enough, and in nobody's hands, to be taken into another. */
  young(incident: OpenIncident, at: number): boolean;
  /** What fails within so long is part of an outage, ms. */
  lastsFor: number;
}) {
  const { book, world, openFor, join, young, lastsFor } = options;

  /** The outage there to which what fails now belongs. */
  function goesOn(area: string, at: number): OpenIncident | undefined {
    const outage = book.rootedAt(ofArea(area));
    return outage?.clearedAt === null && outage.openedAt >= at - lastsFor ? outage : undefined;
  }

  function begin(area: string, run: readonly Failed<T>[], at: number): void {
    const fresh = run.flatMap((item) => (item.fresh ? [item.fresh] : []));
    const cause = area === WHOLE_CITY ? 'city-outage' : 'area-outage';
    const outage =
      book.rootedAt(ofArea(area)) ??
      book.begin(ofArea(area), cause, 'none', at, fresh[0]?.foundAtStart ?? false);
    const command = fresh.find((one) => one.command)?.command;
    if (command) book.blame(outage, command);
    for (const one of fresh) join(outage, one.num, one.since);
    for (const incident of new Set(run.map((item) => item.incident)))
      if (incident) book.absorb(incident, outage, at);
  }

  /** Young incidents of single devices, and with `outages` the devices of young outages of districts. */
  function told(at: number, outages: boolean): Failed<T>[] {
    return book.all().flatMap((incident) => {
      if (!young(incident, at)) return [];
      const { root, cause, members } = incident;
      if (root.kind === 'device' && cause === 'device-offline') {
        const since = members.get(root.num)?.since;
        return since === undefined ? [] : [{ num: root.num, since, incident }];
      }
      if (!outages || cause !== 'area-outage') return [];
      return [...members].flatMap(([num, { since, until }]) =>
        until === null ? [{ num, since, incident }] : [],
      );
    });
  }

  const freshOf = (lone: readonly T[]): Failed<T>[] =>
    lone.map((fresh) => ({ num: fresh.num, since: fresh.since, fresh }));

  /** @returns those that no outage of the city explains */
  function cityWide(failed: readonly T[], at: number): T[] {
    const outage = goesOn(WHOLE_CITY, at);
    if (outage) {
      for (const one of failed) join(outage, one.num, one.since);
      return [];
    }
    const left: T[] = [];
    for (const run of runsOf([...freshOf(failed), ...told(at, true)])) {
      const districts = new Set(run.map(({ num }) => world.districtOf(num)));
      const fresh = run.flatMap((item) => (item.fresh ? [item.fresh] : []));
      if (run.length < CITY_OUTAGE_FROM || districts.size < CITY_OUTAGE_DISTRICTS || fresh.length === 0)
        left.push(...fresh);
      else begin(WHOLE_CITY, run, at);
    }
    return left;
  }

  function inDistrict(area: string, failed: readonly T[], at: number): void {
    const outage = goesOn(area, at);
    const before = told(at, false).filter(({ num }) => world.districtOf(num) === area);
    for (const run of runsOf([...freshOf(failed), ...before])) {
      const fresh = run.flatMap((item) => (item.fresh ? [item.fresh] : []));
      if (outage)
        for (const one of fresh) {
          // A switch whose points are in it is the cause of theirs, not one more of many.
          const cause = world.childrenOf(one.num).some((child) => book.incidentOf(child) === outage);
          if (cause) openFor(one, at);
          else join(outage, one.num, one.since);
        }
      else if (run.length >= OUTAGE_FROM && fresh.length > 0) begin(area, run, at);
      else for (const one of fresh) openFor(one, at);
    }
  }

  return {
    /** The outage of the city to which what fails now belongs. */
    ofCity: (at: number) => goesOn(WHOLE_CITY, at),
    open(lone: readonly T[], at: number): void {
      const silent: T[] = [];
      for (const one of lone)
        if (one.cause === 'device-offline' && world.districtOf(one.num) !== undefined) silent.push(one);
        else openFor(one, at);
      const districts = new Map<string, T[]>();
      for (const one of cityWide(silent, at)) {
        const district = world.districtOf(one.num) ?? '';
        districts.set(district, [...(districts.get(district) ?? []), one]);
      }
      for (const [area, failed] of districts) inDistrict(area, failed, at);
    },
  };
}
