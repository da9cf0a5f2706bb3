import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { manualClock } from '../../main/base/clock.ts';
import { createEventBus } from '../../main/base/event-bus.ts';
import { createLogger } from '../../main/base/logging.ts';
import type { HubEvents } from '../../main/contract/hub-events.ts';
import { type FootageFs, systemFs } from '../../main/recording/disks/footage-fs.ts';
import { createRecording } from '../../main/recording/recording.ts';
import type { ArchiveWriter, Recording } from '../../main/recording/types.ts';
import { openStorage } from '../../main/storage/database.ts';
import type { Database } from '../../main/storage/tables.ts';
import { expectedFootage, partsServed } from '../support/expected-footage.ts';
import { testFmp4 } from '../support/fmp4.ts';
import { powerCut, type Remains, seeded } from '../support/power-cut.ts';
import { createTrace, type Step, type Trace, type TraceEvent, tracedFs } from '../support/traced-fs.ts';
import { writeFootage } from '../support/written-footage.ts';

const START = Date.UTC(2026, 0, 15, 9, 0, 0);
const CAMERAS = [1, 2, 3].map((num) => ({ id: `cam-${num}`, num }));
const HOUR = 3_600_000;
/** Where a copy is quickly made and unmade; what it proves does not depend on it. */
const quick = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const leave: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).reverse()) await step();
});

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kalancha-cut-'));
  leave.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

let mp4: Buffer;
beforeAll(async () => {
  // More than a minute: a file ends by its length and the next one begins.
  mp4 = await testFmp4({ seconds: 66, fps: 5, gop: 10, size: '128x96' });
});

function open(db: Kysely<Database>, root: string, fs: FootageFs, maxBytes: number | null = null) {
  const clock = manualClock(START);
  const recording = createRecording({
    db,
    disks: ['a', 'b'].map((name) => ({ folder: join(root, name), maxBytes, minFreeBytes: 0 })),
    clock,
    log: createLogger('silent'),
    bus: createEventBus<HubEvents>((_name, error) => {
      throw error;
    }),
    defaultDays: 5,
    ownDays: async () => new Map(),
    cameraIdOf: (num) => CAMERAS.find((camera) => camera.num === num)?.id,
    fs,
  });
  return { recording, clock };
}

/** A database that tells of each transaction once it is stored; SQLite flushes its log before it says so. */
function tracedDatabase(file: string, trace: Trace): Kysely<Database> {
  const connection = new SqliteConnection(file);
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  const changes = () => Number(connection.prepare('select total_changes() as n').pluck().get());
  let told = changes();
  const tell = () => {
    if (connection.inTransaction || changes() === told) return;
    told = changes();
    trace.done({ kind: 'commit', database: connection.serialize() });
  };
  return new Kysely<Database>({
    dialect: new SqliteDialect({
      database: {
        close: () => connection.close(),
        prepare(sql: string) {
          const statement = connection.prepare(sql);
          const after = <T>(result: T): T => {
            tell();
            return result;
          };
          return {
            reader: statement.reader,
            all: (parameters: readonly unknown[]) => after(statement.all(...parameters)),
            run: (parameters: readonly unknown[]) => after(statement.run(...parameters)),
            iterate: (parameters: readonly unknown[]) => statement.iterate(...parameters),
          };
        },
      },
    }),
  });
}

const batches = CAMERAS.flatMap((camera) =>
  [0, 1].map((batch) => ({
    camera,
    firstMsn: 100 + batch * 100,
    // A time of its own for each camera: a part can be told from any other by its first box.
    startMs: START + camera.num * 7 + batch * 70_000,
  })),
);

/** Footage of the second camera whose fourth segment never ends. */
const BROKEN = { startMs: START + 2 * HOUR + 14, firstMsn: 1000, last: 1003 };

/** Two disks, three cameras, files that end by length and by a new beginning, and old ones deleted meanwhile. */
async function record(root: string, leaveOut: readonly Step['kind'][] = []): Promise<Trace> {
  const trace = createTrace();
  await (await openStorage(root)).stop();
  const db = tracedDatabase(join(root, 'kalancha.db'), trace);
  const { recording, clock } = open(db, root, tracedFs(systemFs, trace, leaveOut), 90_000);
  await recording.start();
  const writers = CAMERAS.map((camera) => recording.writer(camera, 'main'));
  for (const { camera, startMs, firstMsn } of batches) {
    const writer = writers[CAMERAS.indexOf(camera)];
    if (writer) writeFootage(writer, mp4, startMs, firstMsn);
  }
  await Promise.all(writers.map((writer) => writer.close()));
  clock.advance(2 * HOUR);
  await recording.retain();
  const again = recording.writer({ id: 'cam-1', num: 1 }, 'main');
  writeFootage(again, mp4, START + 2 * HOUR, 1000);
  await again.close();
  // A stream that breaks off amid a segment: the piece is cut off again.
  const broken = recording.writer({ id: 'cam-2', num: 2 }, 'main');
  const upToBreak: ArchiveWriter = {
    ...broken,
    part: (part) => part.msn <= BROKEN.last && broken.part(part),
    endSegment: (msn) => msn < BROKEN.last && broken.endSegment(msn),
  };
  writeFootage(upToBreak, mp4, BROKEN.startMs, BROKEN.firstMsn);
  await broken.close();
  await recording.stop();
  await db.destroy();
  return trace;
}

const expected = new Map<string, Map<number, Buffer[]>>();
function footageOf(camera: string): Map<number, Buffer[]> {
  const known = expected.get(camera);
  if (known) return known;
  const made = new Map<number, Buffer[]>();
  for (const batch of batches)
    if (batch.camera.id === camera)
      for (const [msn, parts] of expectedFootage(mp4, batch.startMs, batch.firstMsn)) made.set(msn, parts);
  if (camera === 'cam-1')
    for (const [msn, parts] of expectedFootage(mp4, START + 2 * HOUR, 1000)) made.set(msn, parts);
  if (camera === 'cam-2')
    for (const [msn, parts] of expectedFootage(mp4, BROKEN.startMs, BROKEN.firstMsn))
      if (msn <= BROKEN.last) made.set(msn, parts);
  expected.set(camera, made);
  return made;
}

/** Segments of a camera of which a byte was handed to the disk before the cut, in order. */
function begunSegments(events: readonly TraceEvent[], point: number, camera: string): number[] {
  const written = new Set(
    events
      .slice(0, point)
      .flatMap(({ moment, step }) =>
        moment === 'begun' && step.kind === 'write' ? [step.bytes.toString('hex', 0, 32)] : [],
      ),
  );
  return [...footageOf(camera)].flatMap(([msn, [first]]) =>
    first && written.has(first.toString('hex', 0, 32)) ? [msn] : [],
  );
}

async function restore(remains: Remains, from: string, to: string): Promise<void> {
  const moved = (path: string) => join(to, path.slice(from.length));
  for (const folder of remains.folders) await mkdir(moved(folder), { recursive: true });
  for (const [path, bytes] of remains.files) {
    await mkdir(dirname(moved(path)), { recursive: true });
    await writeFile(moved(path), bytes);
  }
  if (remains.database) {
    // Its header names a write-ahead log; there is none, all of it is in here.
    await writeFile(join(to, 'kalancha.db'), remains.database);
  }
}

/** What the database at the cut had given up: files being deleted, or forgotten. */
async function givenUp(db: Kysely<Database>): Promise<string[]> {
  const rows = await db.selectFrom('recording_file').select('path').where('state', '=', 'deleting').execute();
  return rows.map((row) => row.path);
}

/** Repairs what a cut at `point` left. @returns what is wrong with it: nothing, it is hoped */
async function wrongAfter(
  trace: Trace,
  root: string,
  point: number,
  random: () => number,
): Promise<string[]> {
  const wrong: string[] = [];
  const to = await mkdtemp(join(quick, 'kalancha-after-'));
  try {
    const remains = powerCut(trace.events, point, random);
    // Paths stand in the database as the disks' folders: the copy takes the place of the original.
    await restore(remains, root, to);
    const storage = await openStorage(to);
    const swap = await storage.db.selectFrom('recording_disk').selectAll().execute();
    for (const disk of swap)
      await storage.db
        .updateTable('recording_disk')
        .set({ folder: disk.folder === null ? null : join(to, disk.folder.slice(root.length)) })
        .where('num', '=', disk.num)
        .execute();
    const deleted = deletedBefore(trace.events, point, root);
    const { recording } = open(storage.db, to, systemFs);
    const deleting = await givenUp(storage.db);
    try {
      const findings = await recording.start();
      for (const finding of findings)
        if (finding.kind === 'unreadable' || finding.kind === 'missing-disk')
          wrong.push(`${finding.kind} ${finding.path}: ${finding.detail}`);
      for (const camera of CAMERAS)
        wrong.push(
          ...(await checkCamera(recording, trace, point, camera.id, new Set([...deleted, ...deleting]))),
        );
    } finally {
      await recording.stop();
      await storage.stop();
    }
  } finally {
    await rm(to, { recursive: true, force: true });
  }
  return wrong;
}

/** Paths that the recorder had begun to delete. */
function deletedBefore(events: readonly TraceEvent[], point: number, root: string): string[] {
  return events
    .slice(0, point)
    .flatMap(({ moment, step }) =>
      moment === 'begun' && step.kind === 'remove' ? [step.path.slice(root.length + 3)] : [],
    );
}

async function checkCamera(
  recording: Recording,
  trace: Trace,
  point: number,
  camera: string,
  deleted: ReadonlySet<string>,
): Promise<string[]> {
  const wrong: string[] = [];
  const begun = begunSegments(trace.events, point, camera);
  const newest = begun.at(-1);
  const spans = await recording.spans(camera, 'main', 0, START + 10 * HOUR);
  const found = new Map(spans.flatMap((span) => span.segments).map((segment) => [segment.msn, segment]));
  for (const [msn, segment] of found) {
    const parts = footageOf(camera).get(msn) ?? [];
    const served = await recording.read(segment);
    const count = partsServed(served, parts);
    if (count === undefined || count === 0) wrong.push(`${camera} ${msn}: something else is served`);
    else if (count < parts.length && msn !== newest) wrong.push(`${camera} ${msn}: cut short`);
    if (deleted.has(segment.path)) wrong.push(`${camera} ${msn}: was deleted and is back`);
  }
  const oldestKept = Math.min(...found.keys());
  for (const msn of begun) {
    if (found.has(msn) || msn === newest) continue;
    // Retention deletes whole files, the oldest first.
    if (deleted.size > 0 && msn < oldestKept) continue;
    wrong.push(`${camera} ${msn}: lost, though ${newest} was begun`);
  }
  return wrong;
}

/** Cuts at so many points, or until something is wrong that is `enough`. */
async function wrongAt(
  points: number,
  seed: number,
  leaveOut: readonly Step['kind'][] = [],
  enough: (what: string) => boolean = () => false,
) {
  const root = await scratch();
  const trace = await record(root, leaveOut);
  const random = seeded(seed);
  const wrong: string[] = [];
  for (let i = 0; i < points && !wrong.some(enough); i++) {
    const point = 1 + Math.floor(random() * trace.events.length);
    for (const what of await wrongAfter(trace, root, point, random)) wrong.push(`after ${point}: ${what}`);
  }
  return { wrong, trace };
}

test('a power cut at any of 200 moments costs a camera one segment at most, and never serves a wrong one', async () => {
  const { wrong, trace } = await wrongAt(200, 20260115);
  // The trace has everything that can go wrong in it.
  const kinds = new Set(trace.events.map((event) => event.step.kind));
  expect([...kinds].sort()).toEqual(
    ['commit', 'create', 'folder', 'remove', 'sync', 'sync-folder', 'truncate', 'write'].sort(),
  );
  expect(wrong.slice(0, 20)).toEqual([]);
}, 600_000);

test.each([
  ['the bytes of a segment', 'sync'],
  ['the name of a file', 'sync-folder'],
] as const)('a recorder that does not flush %s is found out', async (_what, kind) => {
  const lost = (what: string) => what.includes('lost');
  const { wrong } = await wrongAt(200, 7, [kind], lost);
  expect(wrong.some(lost)).toBe(true);
});
