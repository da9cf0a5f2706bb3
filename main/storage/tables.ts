import type { AccessTables } from './tables/access.ts';
import type { AuditTables } from './tables/audit.ts';
import type { CommandTables } from './tables/commands.ts';
import type { DeviceTables } from './tables/devices.ts';
import type { ExportTables } from './tables/exports.ts';
import type { HealthTables } from './tables/health.ts';
import type { HoldTables } from './tables/holds.ts';
import type { IncidentTables } from './tables/incidents.ts';
import type { JobTables } from './tables/jobs.ts';
import type { MetaTables } from './tables/meta.ts';
import type { NoticeTables } from './tables/notices.ts';
import type { PictureTables } from './tables/pictures.ts';
import type { RecordingTables } from './tables/recording.ts';
import type { WallTables } from './tables/walls.ts';

/** Every table of the hub's database. A room's tables stand in a file of its own; only that room reads and writes them. */
export interface Database
  extends MetaTables,
    DeviceTables,
    ExportTables,
    AccessTables,
    AuditTables,
    CommandTables,
    HealthTables,
    IncidentTables,
    HoldTables,
    JobTables,
    NoticeTables,
    PictureTables,
    RecordingTables,
    WallTables {}
