import type { Box } from './city-index.ts';

/** What is shown. Empty lists leave nothing out. */
export interface MapFilter {
  /** Indexes in DeviceKinds. */
  kinds: readonly number[];
  /** Indexes in HealthStatuses. */
  statuses: readonly number[];
}

/** One cluster or device to draw, with what hovering and clicking need. */
export type FrameItem =
  | { type: 'cluster'; id: number; lat: number; lon: number; counts: Uint32Array; total: number }
  | {
      type: 'device';
      num: number;
      lat: number;
      lon: number;
      kind: number;
      status: number;
      /** Degrees clockwise from north; null when the device looks nowhere. */
      azimuth: number | null;
    };

export interface ListedDevice {
  num: number;
  kind: number;
  status: number;
}

/** Page to worker. */
export type MapRequest =
  /** The city is being fetched: status changes from here on may be newer than the answer. */
  | { type: 'fetching' }
  | { type: 'load'; bytes: ArrayBuffer; token: number }
  | { type: 'filter'; filter: MapFilter }
  | { type: 'view'; box: Box; zoom: number }
  | { type: 'statuses'; changes: readonly (readonly [num: number, status: number])[] }
  | { type: 'list'; box: Box; limit: number; token: number }
  /** Devices of one kind in the box, those nearest its middle first. */
  | { type: 'pick'; box: Box; kind: number; limit: number; token: number }
  | { type: 'expand'; cluster: number; token: number };

/** Worker to page. */
export type MapAnswer =
  | { type: 'loaded'; token: number; devices: number }
  | { type: 'refused'; token: number; message: string }
  | { type: 'frame'; zoom: number; items: FrameItem[] }
  | { type: 'listed'; token: number; total: number; devices: ListedDevice[] }
  | { type: 'expansion'; token: number; zoom: number };
