import accessEn from './en/access.json';
import archiveEn from './en/archive.json';
import auditEn from './en/audit.json';
import chartsEn from './en/charts.json';
import commandsEn from './en/commands.json';
import commonEn from './en/common.json';
import devicesEn from './en/devices.json';
import disksEn from './en/disks.json';
import errorsEn from './en/errors.json';
import exportEn from './en/export.json';
import holdsEn from './en/holds.json';
import incidentsEn from './en/incidents.json';
import keysEn from './en/keys.json';
import mapEn from './en/map.json';
import noticesEn from './en/notices.json';
import picturesEn from './en/pictures.json';
import playerEn from './en/player.json';
import quarantineEn from './en/quarantine.json';
import reportsEn from './en/reports.json';
import settingsEn from './en/settings.json';
import thresholdsEn from './en/thresholds.json';
import troublesEn from './en/troubles.json';
import wallEn from './en/wall.json';
import wifiEn from './en/wifi.json';
import accessRu from './ru/access.json';
import archiveRu from './ru/archive.json';
import auditRu from './ru/audit.json';
import chartsRu from './ru/charts.json';
import commandsRu from './ru/commands.json';
import commonRu from './ru/common.json';
import devicesRu from './ru/devices.json';
import disksRu from './ru/disks.json';
import errorsRu from './ru/errors.json';
import exportRu from './ru/export.json';
import holdsRu from './ru/holds.json';
import incidentsRu from './ru/incidents.json';
import keysRu from './ru/keys.json';
import mapRu from './ru/map.json';
import noticesRu from './ru/notices.json';
import picturesRu from './ru/pictures.json';
import playerRu from './ru/player.json';
import quarantineRu from './ru/quarantine.json';
import reportsRu from './ru/reports.json';
import settingsRu from './ru/settings.json';
import thresholdsRu from './ru/thresholds.json';
import troublesRu from './ru/troubles.json';
import wallRu from './ru/wall.json';
import wifiRu from './ru/wifi.json';

/** All that the console can say, one namespace a screen. Russian is the reference: keys are typed by it. */
export const resources = {
  ru: {
    charts: chartsRu,
    commands: commandsRu,
    common: commonRu,
    errors: errorsRu,
    holds: holdsRu,
    incidents: incidentsRu,
    keys: keysRu,
    map: mapRu,
    notices: noticesRu,
    devices: devicesRu,
    reports: reportsRu,
    settings: settingsRu,
    thresholds: thresholdsRu,
    troubles: troublesRu,
    disks: disksRu,
    archive: archiveRu,
    pictures: picturesRu,
    player: playerRu,
    quarantine: quarantineRu,
    wall: wallRu,
    wifi: wifiRu,
    access: accessRu,
    audit: auditRu,
    export: exportRu,
  },
  en: {
    charts: chartsEn,
    commands: commandsEn,
    common: commonEn,
    errors: errorsEn,
    holds: holdsEn,
    incidents: incidentsEn,
    keys: keysEn,
    map: mapEn,
    notices: noticesEn,
    devices: devicesEn,
    reports: reportsEn,
    settings: settingsEn,
    thresholds: thresholdsEn,
    troubles: troublesEn,
    disks: disksEn,
    archive: archiveEn,
    pictures: picturesEn,
    player: playerEn,
    quarantine: quarantineEn,
    wall: wallEn,
    wifi: wifiEn,
    access: accessEn,
    audit: auditEn,
    export: exportEn,
  },
} as const;
