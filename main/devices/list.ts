import { z } from 'zod';
import type { Bitset } from '../base/bitset.ts';
import { AppError } from '../base/errors.ts';
import type { DeviceQuery } from '../contract/device.ts';
import { createBreath } from './breath.ts';
import { fitsWhole, matches, queryWords } from './fold.ts';
import { type DeviceEntry, isBefore } from './memory.ts';
import type { StatusLookup } from './types.ts';

const Cursor = z.tuple([z.string().max(200), z.int()]);
const CHECK_EVERY = 1024;

/** The place in a list after which the next page begins, as opaque text. */
export const cursorAfter = (entry: DeviceEntry): string =>
  Buffer.from(JSON.stringify([entry.sortKey, entry.num])).toString('base64url');

/** @throws AppError `bad-cursor` */
export function parseCursor(text: string): { sortKey: string; num: number } {
  try {
    const [sortKey, num] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { sortKey, num };
  } catch (error) {
    throw new AppError(
      'bad-cursor',
      400,
      'This page mark is not one of this hub. Start again from the first page.',
      {},
      { cause: error },
    );
  }
}

/**
 * One page of the devices in `visible` that fit the query, in the order of `order` (or what fits best before
 * the others), and how many fit in all.
 * Walks every device in memory, since a full-text table would have to name all its hits before rights could
 * thin them out; pauses often enough that nobody waits for it.
 */
export async function pageOf(
  order: readonly DeviceEntry[],
  query: DeviceQuery,
  visible: Bitset,
  statuses: StatusLookup,
): Promise<{ entries: DeviceEntry[]; total: number; more: boolean }> {
  const words = query.q === undefined ? [] : queryWords(query.q);
  const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  const breath = createBreath();
  const entries: DeviceEntry[] = [];
  const best: DeviceEntry[] = [];
  const byFit = query.order === 'fit' && words.length > 0;
  let total = 0;
  let more = false;
  for (let i = 0; i < order.length; i++) {
    if (i % CHECK_EVERY === 0) await breath();
    const entry = order[i];
    if (!entry || !visible.has(entry.num) || !fits(entry, query)) continue;
    if (words.length > 0 && !matches(words, entry.search, entry.num)) continue;
    if (query.status !== undefined && statuses.statusOf(entry.num).status !== query.status) continue;
    total += 1;
    if (after && !isBefore(after, entry)) continue;
    if (byFit && best.length < query.limit && fitsWhole(words, entry.search)) best.push(entry);
    else if (entries.length < query.limit) entries.push(entry);
    else more = true;
  }
  return byFit
    ? { entries: [...best, ...entries].slice(0, query.limit), total, more: false }
    : { entries, total, more };
}

function fits(entry: DeviceEntry, query: DeviceQuery): boolean {
  return (
    (query.kind === undefined || entry.kind === query.kind) &&
    (query.okrug === undefined || entry.okrugId === query.okrug) &&
    (query.district === undefined || entry.districtId === query.district) &&
    (query.group === undefined || entry.groupIds.includes(query.group)) &&
    (query.parent === undefined || entry.parentId === query.parent)
  );
}
