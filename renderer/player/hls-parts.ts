import Hls, { type ErrorData, type LevelDetails } from 'hls.js';
import type { Anchor } from './media-clock.ts';
import { type StreamFailure, streamFailure } from './stream-failure.ts';

/** What every player of this console asks of hls.js. Parts are checked one by one, so nothing may come from a cache. */
export const baseConfig = {
  // Fragments are MP4 already: a worker would copy bytes for nothing, and needs a looser content policy.
  enableWorker: false,
  xhrSetup: (xhr: XMLHttpRequest) => {
    xhr.withCredentials = false;
  },
} satisfies Partial<typeof Hls.DefaultConfig>;

/** Fragments of a playlist with their true times, the unfinished one included. */
export function anchorsOf(details: LevelDetails | null | undefined): Anchor[] {
  if (!details) return [];
  const fragments = details.fragmentHint ? [...details.fragments, details.fragmentHint] : details.fragments;
  return fragments.map(({ start, duration, programDateTime }) => ({ start, duration, utc: programDateTime }));
}

/** Why hls.js failed, when it failed at a request that was answered or not; null for anything else. */
export function failureOf(data: ErrorData): StreamFailure | null {
  const status = data.response?.code ?? 0;
  const failed = status >= 400 || data.type === Hls.ErrorTypes.NETWORK_ERROR;
  return failed ? streamFailure(status, bodyOf(data.networkDetails)) : null;
}

function bodyOf(details: unknown): string {
  if (!(details instanceof XMLHttpRequest)) return '';
  if (details.responseType === '' || details.responseType === 'text') return details.responseText;
  return details.response instanceof ArrayBuffer && details.response.byteLength < 20_000
    ? new TextDecoder().decode(details.response)
    : '';
}

/** How far the hub's clock is ahead of this one, ms, by the Date of an answer; undefined where there is none. */
export function aheadOf(details: unknown): number | undefined {
  if (!(details instanceof XMLHttpRequest)) return undefined;
  const date = Date.parse(details.getResponseHeader('date') ?? '');
  // The header counts whole seconds: its middle is the best guess.
  return Number.isFinite(date) ? date + 500 - Date.now() : undefined;
}
