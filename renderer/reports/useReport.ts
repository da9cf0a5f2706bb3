import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { Language } from '../../main/contract/common.ts';
import { DeviceKind } from '../../main/contract/device.ts';
import { AvailabilityReport, type ReportGroup, ReportGroups } from '../../main/contract/reports.ts';
import { hubFetch, hubGet, queryString } from '../hub/client.ts';
import { useSession } from '../hub/session.tsx';
import { cityZone } from '../time/city-zone.ts';
import { type ReportRange, rangeAt, reportRanges } from './report-range.ts';

/** A year of the whole city takes its time, ms. */
const PATIENCE_MS = 180_000;

export interface ReportChoice {
  range: ReportRange;
  by: ReportGroup;
  kind: DeviceKind | null;
}

/** What is reported, as the address has it. */
export function useReportChoice(): [ReportChoice, (change: Partial<ReportChoice>) => void] {
  const [search, setSearch] = useSearchParams();
  const choice = useMemo<ReportChoice>(
    () => ({
      range: reportRanges.find((one) => one === search.get('range')) ?? 'week',
      by: ReportGroups.find((one) => one === search.get('by')) ?? 'okrug',
      kind: DeviceKind.safeParse(search.get('kind')).data ?? null,
    }),
    [search],
  );
  return [
    choice,
    (change) => {
      const { range, by, kind } = { ...choice, ...change };
      setSearch({ range, by, ...(kind ? { kind } : {}) }, { replace: true });
    },
  ];
}

/** The report chosen. It is heavy: nothing asks for it anew by itself. */
export function useReport(choice: ReportChoice) {
  const { timeZone } = useSession().city;
  return useQuery({
    queryKey: ['report', choice],
    queryFn: ({ signal }) =>
      hubGet(
        `/api/reports/availability${queryOf(choice, timeZone)}`,
        AvailabilityReport,
        signal,
        PATIENCE_MS,
      ),
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  });
}

/** All lines, for a spreadsheet. @throws HubError */
export async function fetchReportCsv(
  choice: ReportChoice,
  timeZone: string,
  language: Language,
): Promise<Blob> {
  const path = `/api/reports/availability.csv${queryOf(choice, timeZone, language)}`;
  return (await hubFetch(path, {}, undefined, PATIENCE_MS)).blob();
}

function queryOf({ range, by, kind }: ReportChoice, timeZone: string, language?: Language): string {
  return queryString({ ...rangeAt(range, Date.now(), cityZone(timeZone)), by, kind, language });
}
