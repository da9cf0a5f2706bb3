import type { Access } from './access/access.ts';
import { accessRoutes } from './api/routes/access.ts';
import { areaRoutes } from './api/routes/areas.ts';
import { auditRoutes } from './api/routes/audit.ts';
import { type BookmarkServices, bookmarkRoutes } from './api/routes/bookmarks.ts';
import { cameraRoutes } from './api/routes/cameras.ts';
import { type CommandServices, commandRoutes } from './api/routes/commands.ts';
import { deviceExportRoutes } from './api/routes/device-export.ts';
import { type DeviceSecretServices, deviceSecretRoutes } from './api/routes/device-secrets.ts';
import type { DeviceServices } from './api/routes/devices.ts';
import { deviceRoutes } from './api/routes/devices.ts';
import { type ExportServices, exportRoutes } from './api/routes/exports.ts';
import { groupRoutes } from './api/routes/groups.ts';
import { type HealthServices, healthRoutes } from './api/routes/health.ts';
import { type HistoryServices, historyRoutes } from './api/routes/history.ts';
import { type HoldServices, holdRoutes } from './api/routes/holds.ts';
import { type ImportServices, importRoutes } from './api/routes/imports.ts';
import { type IncidentServices, incidentRoutes } from './api/routes/incidents.ts';
import { jobRoutes } from './api/routes/jobs.ts';
import { type MaintenanceServices, maintenanceRoutes } from './api/routes/maintenance.ts';
import { mapRoutes } from './api/routes/map.ts';
import { monitoringRoutes } from './api/routes/monitoring.ts';
import { type NoticeServices, noticeRoutes } from './api/routes/notices.ts';
import { type PictureServices, pictureRoutes } from './api/routes/pictures.ts';
import { type RecordingDiskServices, recordingDiskRoutes } from './api/routes/recording-disks.ts';
import { type ReportServices, reportRoutes } from './api/routes/reports.ts';
import { type SessionServices, sessionRoutes } from './api/routes/session.ts';
import { type SnapshotServices, snapshotRoutes } from './api/routes/snapshots.ts';
import { type SystemServices, systemRoutes } from './api/routes/system.ts';
import { type ThresholdServices, thresholdRoutes } from './api/routes/thresholds.ts';
import { type TimelineRouteServices, timelineRoutes } from './api/routes/timelines.ts';
import { type VideoServices, videoRoutes } from './api/routes/video.ts';
import { type VideoArchiveServices, videoArchiveRoutes } from './api/routes/video-archive.ts';
import { type WallServices, wallRoutes } from './api/routes/walls.ts';
import { wifiRoutes } from './api/routes/wifi.ts';
import type { Api } from './api/server.ts';
import type { AuditStore } from './audit/types.ts';
import type { Health } from './health/health.ts';

/** Everything that some route needs. */
export interface RouteServices
  extends SystemServices,
    Pick<DeviceServices, 'db' | 'usedBefore' | 'forget'>,
    Omit<ImportServices, 'audit'>,
    Pick<SessionServices, 'cookieName' | 'secure'>,
    Pick<WallServices, 'walls' | 'bus'> {
  audit: AuditStore;
  access: Access;
  health: Health;
  commands: CommandServices['commands'] & HealthServices['commands'];
  history: HistoryServices['history'] & ThresholdServices['history'];
  incidents: IncidentServices['incidents'];
  maintenance: MaintenanceServices['maintenance'];
  notices: NoticeServices['notices'];
  reports: ReportServices['reports'];
  shares: ReportServices['shares'];
  video: VideoServices['video'];
  archive: VideoArchiveServices['archive'];
  desk: VideoServices['desk'];
  credentials: DeviceSecretServices['credentials'];
  holds: HoldServices['holds'];
  recording: RecordingDiskServices['recording'];
  bookmarks: BookmarkServices['bookmarks'];
  now: HoldServices['now'];
  timelineEvents: TimelineRouteServices['timelineEvents'];
  pictures: PictureServices['pictures'];
  exports: ExportServices['exports'];
  exportKey: ExportServices['exportKey'];
  snapshots: SnapshotServices['snapshots'];
  personOf: SnapshotServices['personOf'];
  describeCamera: SnapshotServices['describeCamera'];
}

/** Puts every room's routes behind the door. */
export function registerRoutes(app: Api, services: RouteServices): void {
  const { access, audit } = services;
  systemRoutes(app, services);
  sessionRoutes(app, { ...services, signIn: access.signIn });
  accessRoutes(app, { ...access, audit });
  auditRoutes(app, services);
  areaRoutes(app, services);
  groupRoutes(app, services);
  deviceRoutes(app, services);
  deviceExportRoutes(app, services);
  deviceSecretRoutes(app, services);
  mapRoutes(app, services);
  importRoutes(app, services);
  jobRoutes(app, services);
  healthRoutes(app, services);
  historyRoutes(app, services);
  incidentRoutes(app, services);
  maintenanceRoutes(app, services);
  noticeRoutes(app, services);
  reportRoutes(app, services);
  thresholdRoutes(app, services);
  wifiRoutes(app, services);
  commandRoutes(app, services);
  monitoringRoutes(app, services);
  videoRoutes(app, services);
  videoArchiveRoutes(app, services);
  cameraRoutes(app, services);
  pictureRoutes(app, services);
  holdRoutes(app, services);
  recordingDiskRoutes(app, services);
  exportRoutes(app, services);
  snapshotRoutes(app, services);
  bookmarkRoutes(app, services);
  timelineRoutes(app, services);
  wallRoutes(app, services);
}
