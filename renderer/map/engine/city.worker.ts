import { createCity } from './city.ts';
import type { Box } from './city-index.ts';
import type { MapAnswer, MapRequest } from './messages.ts';

/** Changes are gathered this long before the view is drawn anew. */
const FRAME_EVERY_MS = 200;

const city = createCity();
let view: { box: Box; zoom: number } | null = null;
let soon: ReturnType<typeof setTimeout> | null = null;

const answer = (message: MapAnswer) => self.postMessage(message);

function show(): void {
  if (soon) clearTimeout(soon);
  soon = null;
  if (view) answer({ type: 'frame', zoom: view.zoom, items: city.frame(view.box, view.zoom) });
}

function showSoon(): void {
  soon ??= setTimeout(show, FRAME_EVERY_MS);
}

self.addEventListener('message', ({ data }: MessageEvent<MapRequest>) => {
  switch (data.type) {
    case 'fetching':
      city.fetching();
      break;
    case 'load':
      try {
        answer({ type: 'loaded', token: data.token, devices: city.load(new Uint8Array(data.bytes)) });
        show();
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        answer({ type: 'refused', token: data.token, message });
      }
      break;
    case 'filter':
      city.filter(data.filter);
      show();
      break;
    case 'view':
      view = { box: data.box, zoom: data.zoom };
      show();
      break;
    case 'statuses':
      city.setStatuses(data.changes);
      showSoon();
      break;
    case 'list':
      answer({ type: 'listed', token: data.token, ...city.list(data.box, data.limit) });
      break;
    case 'pick':
      answer({ type: 'listed', token: data.token, ...city.pick(data.box, data.kind, data.limit) });
      break;
    case 'expand':
      answer({ type: 'expansion', token: data.token, zoom: city.expansionZoom(data.cluster) });
      break;
  }
});
