import type { HealthStatus } from '../../../main/contract/health.ts';
import { statusLooks } from '../../ui/status-look.ts';

/** Colours of everything on the map, for one theme. */
export interface Ink {
  scheme: 'dark' | 'light';
  ground: string;
  land: string;
  park: string;
  water: string;
  border: string;
  okrugBorder: string;
  road: string;
  roadMajor: string;
  label: string;
  labelMajor: string;
  labelHalo: string;
  /** Inside of clusters and icons. */
  fill: string;
  text: string;
  /** Ring of a cluster where nothing is wrong. */
  calm: string;
  /** Ring of what was never heard of: quieter still. */
  faint: string;
  selected: string;
  /** Zones of estimated coverage, from the outermost in; drawn opaque on a layer that is looked through. */
  coverage: { edge: string; open: string; hidden: string; lost: string };
  status(status: HealthStatus): string;
}

export function mapInk(scheme: 'dark' | 'light'): Ink {
  const status = (of: HealthStatus) => statusLooks[of][scheme];
  return scheme === 'dark'
    ? {
        scheme,
        ground: '#10161d',
        land: '#161e27',
        park: '#17251f',
        water: '#142a3f',
        border: '#2a3643',
        okrugBorder: '#3d4d5e',
        road: '#222d38',
        roadMajor: '#2f3c4a',
        label: '#7f8d9c',
        labelMajor: '#a3b0be',
        labelHalo: '#121920',
        fill: '#1b242e',
        text: '#e6ebf1',
        calm: '#5d6f7e',
        faint: '#323e4a',
        selected: '#ffffff',
        coverage: { edge: '#7fd0e8', open: '#1d5b74', hidden: '#52d2f2', lost: '#ff5a60' },
        status,
      }
    : {
        scheme,
        ground: '#e3e8ed',
        land: '#f3f5f7',
        park: '#dfeadf',
        water: '#c3d8ea',
        border: '#ccd4dc',
        okrugBorder: '#a9b5c1',
        road: '#e2e7ec',
        roadMajor: '#d2d9e0',
        label: '#5f6c7a',
        labelMajor: '#3f4b58',
        labelHalo: '#f7f9fa',
        fill: '#ffffff',
        text: '#1c2733',
        calm: '#93a1ae',
        faint: '#d3dae1',
        selected: '#0e1a26',
        coverage: { edge: '#0f7391', open: '#a8dcea', hidden: '#2a9fc0', lost: '#c9252d' },
        status,
      };
}
