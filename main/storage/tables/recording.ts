export type RecordingTables = Record<never, never>;
