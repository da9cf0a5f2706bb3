import type { AuditEvent } from '../audit/types.ts';
import { AppError } from '../base/errors.ts';
import type { Job } from '../contract/device.ts';
import { type ExportRange, LONGEST_EXPORT_MS, type VideoExport } from '../contract/export.ts';
import type { ExportRecord } from './export-table.ts';

/** @throws AppError `bad-range`, `export-too-long` */
export function checkRange({ cameraIds, from, to }: ExportRange): void {
  if (to <= from) throw new AppError('bad-range', 400, 'The range ends before it begins.');
  if ((to - from) * cameraIds.length <= LONGEST_EXPORT_MS) return;
  const hours = LONGEST_EXPORT_MS / 3_600_000;
  throw new AppError(
    'export-too-long',
    400,
    `An export holds at most ${hours} hours, all cameras together. Ask for a shorter range or fewer cameras.`,
    { hours },
  );
}

/** An export as its owner sees it; `job` while it is going on. */
export function showExport(record: ExportRecord, job: Job | undefined): VideoExport {
  const { request, result, state } = record;
  const waiting = job !== undefined && job.progress === null;
  return {
    id: record.id,
    cameras: request.cameras.map(({ id, name }) => ({ id, name })),
    ...{ from: request.from, to: request.to, original: request.original, sound: request.sound },
    basis: request.basis,
    state: state === 'going' ? (waiting ? 'waiting' : 'running') : state,
    progress: state === 'done' ? 1 : (job?.progress ?? 0),
    ahead: job?.ahead ?? 0,
    ...{ askedAt: record.askedAt, endedAt: record.endedAt, keptUntil: record.keptUntil },
    error: record.error,
    archive: result?.archive ?? null,
    files: (result?.files ?? []).map(({ offset: _offset, ...file }) => file),
    manifestSha256: result?.manifestSha256 ?? null,
  };
}

/** Hashes of so many files stand in the log, to be found by; the manifest's own hash holds all of them. */
const FILES_ON_RECORD = 50;

/** What goes on record of how an export ended. */
export function endFacts({ result, error, state }: ExportRecord): Pick<AuditEvent, 'kind' | 'data'> {
  if (result)
    return {
      kind: 'export.done',
      data: {
        manifestSha256: result.manifestSha256,
        bytes: result.archive.bytes,
        files: result.files.slice(0, FILES_ON_RECORD).map(({ name, sha256 }) => ({ name, sha256 })),
      },
    };
  return {
    kind: state === 'cancelled' ? 'export.cancelled' : 'export.failed',
    data: error ? { ...error.params, code: error.code, message: error.message } : {},
  };
}
