import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { PictureProblem } from '../contract/pictures.ts';
import type { Database } from '../storage/tables.ts';
import { CELLS } from './grey.ts';
import { HOUR_CLASSES, type Learned, type Normal } from './learned.ts';
import type { Finding } from './watch.ts';

export interface StoredFinding extends Finding {
  thumbnail: { jpeg: Buffer; at: number } | null;
}

const Shift = z.object({ rightPct: z.number(), downPct: z.number() }).nullable();

/** What outlives the hub: how each camera usually looks, and what is wrong with its picture now. */
export function createPictureStore(db: Kysely<Database>) {
  return {
    async learned(cameraId: string): Promise<Learned> {
      const row = await db
        .selectFrom('picture_learned')
        .select('normals')
        .where('camera_id', '=', cameraId)
        .executeTakeFirst();
      return row ? unpackNormals(row.normals) : [];
    },
    async saveLearned(cameraId: string, learned: Learned): Promise<void> {
      const normals = packNormals(learned);
      await db
        .insertInto('picture_learned')
        .values({ camera_id: cameraId, normals })
        .onConflict((conflict) => conflict.column('camera_id').doUpdateSet({ normals }))
        .execute();
    },
    async findings(): Promise<{ cameraId: string; finding: Finding }[]> {
      const rows = await db
        .selectFrom('picture_finding')
        .select(['camera_id', 'problem', 'since', 'seen_at', 'good_at', 'shift'])
        .execute();
      return rows.map((row) => ({
        cameraId: row.camera_id,
        finding: {
          problem: PictureProblem.parse(row.problem),
          since: row.since,
          seenAt: row.seen_at,
          goodAt: row.good_at,
          shift: Shift.parse(JSON.parse(row.shift)),
        },
      }));
    },
    async thumbnail(cameraId: string): Promise<{ jpeg: Buffer; at: number } | undefined> {
      const row = await db
        .selectFrom('picture_finding')
        .select(['thumbnail', 'thumbnail_at'])
        .where('camera_id', '=', cameraId)
        .executeTakeFirst();
      return row?.thumbnail && row.thumbnail_at !== null
        ? { jpeg: row.thumbnail, at: row.thumbnail_at }
        : undefined;
    },
    async saveFinding(cameraId: string, finding: Finding, thumbnail?: { jpeg: Buffer; at: number }) {
      const row = {
        problem: finding.problem,
        since: Math.round(finding.since),
        seen_at: Math.round(finding.seenAt),
        good_at: finding.goodAt === null ? null : Math.round(finding.goodAt),
        shift: JSON.stringify(finding.shift),
        ...(thumbnail ? { thumbnail: thumbnail.jpeg, thumbnail_at: Math.round(thumbnail.at) } : {}),
      };
      await db
        .insertInto('picture_finding')
        .values({ camera_id: cameraId, ...row })
        .onConflict((conflict) => conflict.column('camera_id').doUpdateSet(row))
        .execute();
    },
    async endFinding(cameraId: string, trx: Kysely<Database> | Transaction<Database> = db): Promise<void> {
      await trx.deleteFrom('picture_finding').where('camera_id', '=', cameraId).execute();
    },
    async forget(cameraId: string, trx: Kysely<Database> | Transaction<Database> = db): Promise<void> {
      await trx.deleteFrom('picture_learned').where('camera_id', '=', cameraId).execute();
    },
    async cameraIds(): Promise<string[]> {
      const learned = await db.selectFrom('picture_learned').select('camera_id').execute();
      const found = await db.selectFrom('picture_finding').select('camera_id').execute();
      return [...new Set([...learned, ...found].map((row) => row.camera_id))];
    },
  };
}

export type PictureStore = ReturnType<typeof createPictureStore>;

/** Outlines are kept in steps of a fiftieth, up to five. */
const STEPS = 50;
const HEAD_BYTES = 16;
const NORMAL_BYTES = HEAD_BYTES + CELLS;

/** One after the other, each with its class of hours missing as all zeros. */
export function packNormals(learned: Learned): Buffer {
  const packed = Buffer.alloc(HOUR_CLASSES * NORMAL_BYTES);
  for (let hours = 0; hours < HOUR_CLASSES; hours++) {
    const normal = learned[hours];
    if (!normal) continue;
    const at = hours * NORMAL_BYTES;
    packed.writeUInt32LE(normal.pictures, at);
    packed.writeFloatLE(normal.mean, at + 4);
    packed.writeFloatLE(normal.sharpness, at + 8);
    packed.writeFloatLE(normal.likeness, at + 12);
    normal.outline.forEach((value, cell) => {
      packed.writeUInt8(Math.min(255, Math.round(value * STEPS)), at + HEAD_BYTES + cell);
    });
  }
  return packed;
}

/** Of another version or size: learned anew. */
export function unpackNormals(packed: Buffer): Learned {
  if (packed.length !== HOUR_CLASSES * NORMAL_BYTES) return [];
  return Array.from({ length: HOUR_CLASSES }, (_, hours): Normal | undefined => {
    const at = hours * NORMAL_BYTES;
    const pictures = packed.readUInt32LE(at);
    if (pictures === 0) return undefined;
    return {
      pictures,
      mean: packed.readFloatLE(at + 4),
      sharpness: packed.readFloatLE(at + 8),
      likeness: packed.readFloatLE(at + 12),
      outline: Float32Array.from(
        packed.subarray(at + HEAD_BYTES, at + NORMAL_BYTES),
        (value) => value / STEPS,
      ),
    };
  });
}
