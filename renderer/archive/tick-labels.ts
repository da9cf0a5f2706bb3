import type { Tick } from './ticks.ts';

/** Words for the timeline's ticks, in the city's zone. */
export function tickLabels(timeZone: string, language: string): (tick: Tick) => string {
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', { timeZone, ...options });
  const formats = {
    'time-s': make({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
    time: make({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    day: make({ weekday: 'short', day: 'numeric', month: 'short' }),
    month: make({ month: 'long' }),
    year: make({ month: 'short', year: 'numeric' }),
  } as const;
  return (tick) => formats[tick.label].format(tick.at);
}
