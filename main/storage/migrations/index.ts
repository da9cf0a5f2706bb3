import type { Migration } from 'kysely/migration';
import * as meta from './0001-meta.ts';
import * as devices from './0002-devices.ts';
import * as access from './0003-access.ts';
import * as audit from './0004-audit.ts';
import * as health from './0005-health.ts';
import * as recording from './0006-recording.ts';
import * as tracks from './0007-tracks.ts';
import * as holds from './0008-holds.ts';
import * as disks from './0009-disks.ts';
import * as jobsExports from './0010-jobs-exports.ts';
import * as walls from './0011-walls.ts';
import * as pictures from './0012-pictures.ts';
import * as incidents from './0013-incidents.ts';
import * as blindSpans from './0014-blind-spans.ts';
import * as thresholds from './0015-thresholds.ts';
import * as notices from './0016-notices.ts';
import * as commands from './0017-commands.ts';
import * as contractors from './0018-contractors.ts';
import * as clientMacs from './0019-client-macs.ts';
import * as incidentPages from './0020-incident-pages.ts';
import * as absorbedMembers from './0021-absorbed-members.ts';
import * as olderSessions from './0022-older-sessions.ts';
import * as noticeReceivers from './0023-notice-receivers.ts';
import * as quarantineReasons from './0024-quarantine-reasons.ts';
import * as earlierOutages from './0025-earlier-outages.ts';

/**
 * Every migration, by the name under which it is remembered. Append only: what has once been released is
 * never edited, the next change gets the next number.
 */
export const migrations: Record<string, Migration> = {
  '0001-meta': meta,
  '0002-devices': devices,
  '0003-access': access,
  '0004-audit': audit,
  '0005-health': health,
  '0006-recording': recording,
  '0007-tracks': tracks,
  '0008-holds': holds,
  '0009-disks': disks,
  '0010-jobs-exports': jobsExports,
  '0011-walls': walls,
  '0012-pictures': pictures,
  '0013-incidents': incidents,
  '0014-blind-spans': blindSpans,
  '0015-thresholds': thresholds,
  '0016-notices': notices,
  '0017-commands': commands,
  '0018-contractors': contractors,
  '0019-client-macs': clientMacs,
  '0020-incident-pages': incidentPages,
  '0021-absorbed-members': absorbedMembers,
  '0022-older-sessions': olderSessions,
  '0023-notice-receivers': noticeReceivers,
  '0024-quarantine-reasons': quarantineReasons,
  '0025-earlier-outages': earlierOutages,
};
