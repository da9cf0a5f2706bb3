import type { Box } from './city-index.ts';
import type { FrameItem, ListedDevice, MapAnswer, MapFilter, MapRequest } from './messages.ts';

/** The part of a Worker that is used. */
export interface CityWorker {
  postMessage(message: MapRequest, transfer?: Transferable[]): void;
  onMessage(listener: (answer: MapAnswer) => void): void;
  terminate(): void;
}

export interface MapEngine {
  /** Tells engines apart. */
  readonly key: string;
  fetching(): void;
  /** Hands the bytes over (they are gone afterwards). @returns how many devices. @throws Error when they are not the map's wire */
  load(bytes: ArrayBuffer): Promise<number>;
  filter(filter: MapFilter): void;
  view(box: Box, zoom: number): void;
  setStatuses(changes: readonly (readonly [num: number, status: number])[]): void;
  list(box: Box, limit: number): Promise<{ total: number; devices: ListedDevice[] }>;
  /** Devices of one kind that are shown in the box, those nearest its middle first. */
  pick(box: Box, kind: number, limit: number): Promise<{ total: number; devices: ListedDevice[] }>;
  expansionZoom(cluster: number): Promise<number>;
  /** The last frame. */
  frame(): { zoom: number; items: readonly FrameItem[] };
  /** Called at each new frame. @returns the function that ends it */
  onFrame(listener: () => void): () => void;
  stop(): void;
}

/** The city's worker as functions. Answers are told apart by tokens; after `stop` none comes any more. */
export function createMapEngine(worker: CityWorker, key: string): MapEngine {
  const waiting = new Map<number, (answer: MapAnswer) => void>();
  const listeners = new Set<() => void>();
  let token = 0;
  let frame: { zoom: number; items: readonly FrameItem[] } = { zoom: 0, items: [] };

  worker.onMessage((answer) => {
    if (answer.type === 'frame') {
      frame = { zoom: answer.zoom, items: answer.items };
      for (const listener of listeners) listener();
      return;
    }
    const resolve = waiting.get(answer.token);
    waiting.delete(answer.token);
    resolve?.(answer);
  });
  const ask = (make: (token: number) => MapRequest, transfer: Transferable[] = []) =>
    new Promise<MapAnswer>((resolve) => {
      const own = ++token;
      waiting.set(own, resolve);
      worker.postMessage(make(own), transfer);
    });

  return {
    key,
    fetching: () => worker.postMessage({ type: 'fetching' }),
    async load(bytes) {
      const answer = await ask((token) => ({ type: 'load', bytes, token }), [bytes]);
      if (answer.type === 'loaded') return answer.devices;
      throw new Error(answer.type === 'refused' ? answer.message : 'the map worker answered out of turn');
    },
    filter: (filter) => worker.postMessage({ type: 'filter', filter }),
    view: (box, zoom) => worker.postMessage({ type: 'view', box, zoom }),
    setStatuses: (changes) => worker.postMessage({ type: 'statuses', changes }),
    async list(box, limit) {
      const answer = await ask((token) => ({ type: 'list', box, limit, token }));
      return answer.type === 'listed' ? answer : { total: 0, devices: [] };
    },
    async pick(box, kind, limit) {
      const answer = await ask((token) => ({ type: 'pick', box, kind, limit, token }));
      return answer.type === 'listed' ? answer : { total: 0, devices: [] };
    },
    async expansionZoom(cluster) {
      const answer = await ask((token) => ({ type: 'expand', cluster, token }));
      return answer.type === 'expansion' ? answer.zoom : 0;
    },
    frame: () => frame,
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      worker.terminate();
      waiting.clear();
      listeners.clear();
    },
  };
}

/** Starts the worker of this build. */
export function startCityWorker(): CityWorker {
  const worker = new Worker(new URL('./city.worker.ts', import.meta.url), { type: 'module' });
  return {
    postMessage: (message, transfer = []) => worker.postMessage(message, transfer),
    onMessage: (listener) =>
      worker.addEventListener('message', ({ data }: MessageEvent<MapAnswer>) => listener(data)),
    terminate: () => worker.terminate(),
  };
}
