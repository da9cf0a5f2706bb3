import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { PersonGate, Viewer } from '../access/types.ts';
import type { AuditEvent, AuditLog } from '../audit/types.ts';
import type { Clock } from '../base/clock.ts';
import { AppError, messageOf, notFound } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/logging.ts';
import type { ExportEstimate, ExportInput, ExportRange, VideoExport } from '../contract/export.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import type { JobOrder, Jobs } from '../jobs/types.ts';
import type { Database } from '../storage/tables.ts';
import { createExportEstimator, type EstimateRights } from './estimate.ts';
import { createExportTable, type ExportRecord, type ExportResult } from './export-table.ts';
import { checkRange, endFacts, showExport } from './export-view.ts';
import { type ExportMaker, makeExport, ZIP_FILE } from './make-export.ts';
import type { CopyOf } from './rights.ts';
import { noRoom, roomLeft } from './room.ts';
import { guardExport, rightEnded } from './running-guard.ts';
import type { ExportCamera, ExportRequest } from './types.ts';

export interface ExportsOptions {
  db: Kysely<Database>;
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
  audit: AuditLog;
  devices: Pick<DeviceRegistry, 'get'>;
  /** What a camera is called on the copy. */
  describeCamera(cameraId: string): Promise<{ name: string; address: string } | undefined>;
  personGate: PersonGate;
  jobs: Jobs;
  maker: ExportMaker;
  /** Where results are kept. */
  folder: string;
  /** Most bytes of results, and days that one is kept. */
  quotaBytes: number;
  keepDays: number;
}

/** A file of a finished export: where its bytes are, and what must be allowed for each of them to go out. */
export interface ExportDownload {
  path: string;
  offset: number;
  bytes: number;
  name: string;
  /** Changes when the bytes do. */
  tag: string;
  copy: CopyOf;
}

export interface Exports {
  /** Takes an order whose rights the caller has checked. @throws AppError `bad-range`, `export-too-long`, `export-no-room`, `no-footage`, `too-many-jobs` */
  ask(viewer: Viewer, input: ExportInput): Promise<VideoExport>;
  /** What there is of a range. `may` decides what of it the person may learn. @throws AppError as `ask` */
  estimate(range: ExportRange, may: EstimateRights): Promise<ExportEstimate>;
  /** A person's exports, newest first. */
  list(personId: string): VideoExport[];
  /** @throws AppError `not-found`, also for another person's */
  get(id: string, personId: string): VideoExport;
  /** Cancels what is going on; removes what has ended. @throws AppError `not-found` */
  end(id: string, viewer: Viewer): Promise<void>;
  /** The whole ZIP, or one file in it. @throws AppError `not-found` */
  file(id: string, personId: string, name: string | null): ExportDownload;
  /** Removes what is over its time; runs by itself each minute. */
  clean(): Promise<void>;
  /** Begins what the last run of the hub left unfinished; clears away what belongs to nothing. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const MOST_WAITING = 10;
const DAY_MS = 86_400_000;
const CLEAN_EVERY_MS = 60_000;
/** Folders of exports are named by their ids; whatever else lies there is not ours to delete. */
const OWN_FOLDER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Footage of all cameras together; what is longer waits apart, so that a minute is not kept waiting by a day. */
const SHORT_MS = 10 * 60_000;
const isShort = ({ from, to, cameras }: ExportRequest): boolean => (to - from) * cameras.length <= SHORT_MS;

/** Copies of footage for courts: ordered, made in the background, kept for some days, handed to who ordered them. */
export function createExports(options: ExportsOptions): Exports {
  const { db, clock, log, audit, personGate, jobs, maker, folder, quotaBytes, keepDays } = options;
  const table = createExportTable(db);
  const estimator = createExportEstimator(options);
  const records = new Map<string, ExportRecord>();
  let timer: NodeJS.Timeout | undefined;
  let cleaning: Promise<void> = Promise.resolve();

  const folderOf = (id: string) => join(folder, id);
  const copyOf = ({ request, askedAt }: ExportRecord): CopyOf => ({
    cameraIds: request.cameras.map(({ id }) => id),
    ...{ from: request.from, original: request.original, sound: request.sound, askedAt },
  });
  const event = (
    kind: AuditEvent['kind'],
    record: ExportRecord,
    data: Record<string, unknown>,
    by?: Viewer,
  ): AuditEvent => ({
    kind,
    person: by
      ? { id: by.personId, name: by.name }
      : { id: record.ownerId, name: personGate.person(record.ownerId)?.name ?? record.ownerId },
    from: by?.from ?? record.origin,
    subject: record.id,
    data,
  });

  const usedBytes = (): number =>
    [...records.values()].reduce(
      (sum, { state, result, estimateBytes }) =>
        sum + (result?.archive.bytes ?? (state === 'going' ? estimateBytes : 0)),
      0,
    );

  function orderOf(record: ExportRecord): JobOrder {
    const { id, ownerId } = record;
    let result: ExportResult | null = null;
    return {
      ...{
        id,
        kind: 'video-export',
        ownerId,
        lasting: true,
        most: MOST_WAITING,
        short: isShort(record.request),
      },
      async run({ signal, progress }) {
        progress(0);
        const guard = guardExport(options, ownerId, copyOf(record), record.estimateBytes);
        try {
          guard.signal.throwIfAborted();
          const person = personGate.person(ownerId);
          if (!person) throw rightEnded({ cameraId: '', action: 'video.export', reason: 'session-ended' });
          const both = AbortSignal.any([signal, guard.signal]);
          result = await makeExport(maker, record, person, folderOf(id), both, progress);
          both.throwIfAborted();
        } catch (error) {
          result = null;
          await rm(folderOf(id), { recursive: true, force: true });
          throw error;
        } finally {
          guard.done();
        }
        return { result: null, refused: null };
      },
      async ended(trx, { state, endedAt, error }) {
        const at = endedAt ?? clock.now();
        const ended: ExportRecord = {
          ...record,
          state: state === 'running' ? 'failed' : state,
          endedAt: at,
          keptUntil: result ? at + keepDays * DAY_MS : null,
          error: error && { ...error, params: error.params ?? {} },
          result,
        };
        await table.end(trx, ended);
        const { kind, data } = endFacts(ended);
        await audit.append(trx, event(kind, ended, data));
        records.set(id, ended);
      },
    };
  }

  async function remove(record: ExportRecord, why: AuditEvent | null): Promise<void> {
    await rm(folderOf(record.id), { recursive: true, force: true });
    await db.transaction().execute(async (trx) => {
      await table.remove(trx, record.id);
      if (why) await audit.append(trx, why);
    });
    records.delete(record.id);
  }

  /** What is over its time, or ended without a result so long ago that nobody looks for it any more. */
  async function clean(): Promise<void> {
    const now = clock.now();
    for (const record of [...records.values()])
      if (record.state !== 'going' && now > (record.keptUntil ?? (record.endedAt ?? 0) + keepDays * DAY_MS))
        await remove(record, null);
  }

  const shown = (record: ExportRecord): VideoExport =>
    showExport(record, record.state === 'going' ? jobs.get(record.id, record.ownerId) : undefined);

  const own = (id: string, personId: string): ExportRecord => {
    const record = records.get(id);
    if (record?.ownerId !== personId) throw notFound('export', id);
    return record;
  };

  return {
    async ask(viewer, input) {
      const { cameraIds, ...rest } = input;
      const to = Math.min(input.to, clock.now());
      checkRange({ cameraIds, from: input.from, to });
      await maker.footage.flush();
      const needed = await estimator.needed({ cameraIds, from: input.from, to }, input.original);
      if (needed === 0) throw new AppError('no-footage', 404, 'Nothing was recorded in this range.');
      const cameras: ExportCamera[] = [];
      for (const id of cameraIds) {
        const camera = await options.describeCamera(id);
        if (!camera) throw notFound('camera', id);
        cameras.push({ id, ...camera });
      }
      const request: ExportRequest = { ...rest, to, cameras };
      const askedAt = clock.now();
      const record: ExportRecord = {
        ...{ id: newId(askedAt), ownerId: viewer.personId, origin: viewer.from, askedAt, request },
        ...{ estimateBytes: needed, state: 'going', endedAt: null, keptUntil: null },
        ...{ error: null, result: null },
      };
      try {
        await jobs.start({
          ...orderOf(record),
          async asked(trx) {
            // Transactions come one after the other: what two ask for at once is not given twice.
            const left = await roomLeft({ folder, quotaBytes, usedBytes: usedBytes() });
            if (needed > left) throw noRoom(needed, left);
            await table.insert(trx, record);
            const { from, original, sound, basis } = request;
            const data = { cameras: cameraIds, from, to, original, sound, basis };
            await audit.append(trx, event('export.asked', record, data, viewer));
            records.set(record.id, record);
          },
        });
      } catch (error) {
        // Not stored after all (a full disk says so at the commit): it must not hold room for ever.
        records.delete(record.id);
        throw error;
      }
      return shown(record);
    },
    async estimate(range, may) {
      const to = Math.min(range.to, clock.now());
      checkRange({ ...range, to });
      const foreseen = await estimator.estimate({ ...range, to }, may);
      return { ...foreseen, roomBytes: await roomLeft({ folder, quotaBytes, usedBytes: usedBytes() }) };
    },
    list: (personId) =>
      [...records.values()]
        .filter(({ ownerId }) => ownerId === personId)
        .map(shown)
        .sort((a, b) => b.askedAt - a.askedAt),
    get: (id, personId) => shown(own(id, personId)),
    async end(id, viewer) {
      const record = own(id, viewer.personId);
      if (record.state === 'going') await jobs.cancel(id, viewer.personId);
      else await remove(record, event('export.removed', record, {}, viewer));
    },
    file(id, personId, name) {
      const record = own(id, personId);
      const { result } = record;
      if (!result) throw notFound('finished export', id);
      const place = { path: join(folderOf(id), ZIP_FILE), copy: copyOf(record) };
      if (name === null)
        return { ...place, offset: 0, ...result.archive, tag: `${id}-${result.manifestSha256.slice(0, 16)}` };
      const file = result.files.find((one) => one.name === name);
      if (!file) throw notFound('file', name);
      const { offset, bytes, sha256 } = file;
      return { ...place, offset, bytes, name, tag: sha256 };
    },
    clean,
    async start() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const record of await table.load()) records.set(record.id, record);
      const interrupted = new Set(jobs.interrupted('video-export').map(({ id }) => id));
      for (const id of interrupted) {
        const record = records.get(id);
        if (record) jobs.resume(id, orderOf(record));
      }
      for (const name of (await readdir(folder)).filter((one) => OWN_FOLDER.test(one)))
        if (records.get(name)?.state !== 'done')
          await rm(join(folder, name), { recursive: true, force: true });
      timer = setInterval(() => {
        cleaning = cleaning
          .then(clean)
          .catch((error: unknown) =>
            log.error({ err: messageOf(error) }, 'old exports could not be removed'),
          );
      }, CLEAN_EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await cleaning;
    },
  };
}
