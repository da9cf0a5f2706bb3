import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../hub/session.tsx';
import { useLanguage } from '../i18n/useLanguage.ts';
import * as format from './format.ts';

/** Formatters bound to the language shown and the city's zone. */
export function useFormat() {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const { timeZone } = useSession().city;
  return useMemo(() => {
    const units = { d: t('unit.d'), h: t('unit.h'), min: t('unit.min'), s: t('unit.s') };
    return {
      dateTime: (at: number) => format.formatDateTime(at, timeZone, language),
      minute: (at: number) => format.formatMinute(at, timeZone, language),
      time: (at: number) => format.formatTime(at, timeZone, language),
      day: (at: number) => format.formatDay(at, timeZone, language),
      ago: (ageMs: number) => format.formatAgo(ageMs, language),
      duration: (ms: number) => format.formatDuration(ms, units),
      number: (value: number, digits = 0) => format.formatNumber(value, language, digits),
      bytes: (bytes: number) => format.formatBytes(bytes, language),
      bitrate: (kbps: number) => format.formatBitrate(kbps, language),
      percent: (share: number) => format.formatPercent(share, language),
    };
  }, [t, language, timeZone]);
}
