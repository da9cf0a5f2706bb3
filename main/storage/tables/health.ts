export type HealthTables = Record<never, never>;
