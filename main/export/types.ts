import type { ExportInput } from '../contract/export.ts';

/** Who takes a copy, as it is written on it. */
export interface Person {
  id: string;
  login: string;
  name: string;
  unit: string;
  /** Personnel number; empty where there is none. */
  number: string;
}

export interface ExportCamera {
  id: string;
  name: string;
  address: string;
}

/** What was asked, as it is kept with the job. */
export interface ExportRequest extends Omit<ExportInput, 'cameraIds'> {
  cameras: ExportCamera[];
}
