import { useTranslation } from 'react-i18next';
import { type ExceededMeasurement, StatusReason } from '../../main/contract/health.ts';
import { MetricId } from '../../main/contract/history.ts';
import type { Incident } from '../../main/contract/incidents.ts';
import { DiskReason, DiskState } from '../../main/contract/recording.ts';
import { TroubleCode } from '../../main/contract/trouble.ts';
import { unitOf, useMetricText } from '../charts/useMetricText.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { useTroubleText } from '../ui/useTroubleText.ts';

/** Words for what an incident is about and why. */
export function useIncidentText() {
  const { t } = useTranslation(['incidents', 'common', 'charts']);
  const { language } = useLanguage();
  const metricText = useMetricText();
  const troubleText = useTroubleText();
  const measurement = ({ metric, value }: ExceededMeasurement): string => {
    const known = MetricId.safeParse(metric);
    return `${known.success ? t(`charts:full.${known.data}`) : metric} ${metricText(unitOf(metric), value)}`;
  };
  return {
    subject({ subject }: Pick<Incident, 'subject'>): string {
      switch (subject.kind) {
        case 'device':
          return subject.name;
        case 'area':
          return language === 'ru' ? subject.nameRu : subject.nameEn;
        case 'city':
          return t('subject.city');
        case 'upstream':
          return t('subject.upstream');
        case 'disk':
          return t('subject.disk', { name: subject.name });
        case 'hub':
          return t('subject.hub');
      }
    },
    /** Empty where the cause says it all. */
    reason({ cause, reason, exceeded }: Pick<Incident, 'cause' | 'reason' | 'exceeded'>): string {
      if (exceeded.length > 0) return exceeded.map(measurement).join(', ');
      if (cause === 'disk') {
        const known = DiskReason.or(DiskState).safeParse(reason);
        return known.success && known.data !== 'in-use' ? t(`disk-reason.${known.data}`) : '';
      }
      if (cause === 'history') {
        const known = TroubleCode.safeParse(reason);
        return known.success && known.data !== 'storage-other'
          ? troubleText({ code: known.data, params: {} })
          : t('hub-reason.history');
      }
      if (cause === 'monitoring')
        return reason === 'broker' || reason === 'ingest' ? t(`hub-reason.${reason}`) : '';
      const known = StatusReason.safeParse(reason);
      return known.success && known.data !== 'none' && cause !== 'flapping'
        ? t(`common:reason.${known.data}`)
        : '';
    },
  };
}
