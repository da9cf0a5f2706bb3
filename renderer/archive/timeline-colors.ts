import type { TimelineColors } from './timeline-draw.ts';

const shared = { recorded: '#4188d6', now: '#e5484d' };

export const DARK: TimelineColors = {
  ...shared,
  ground: '#0f161d',
  gap: '#f2b04a',
  line: '#3b4856',
  lineMajor: '#8a97a6',
  text: '#e3e9ef',
  dimmed: '#9aa6b4',
  playhead: '#ffffff',
  future: 'rgb(255 255 255 / 0.05)',
  mark: '#7ee0a6',
  hold: '#2fbf9b',
  bookmark: '#ffd43b',
  grave: '#ff8787',
  warning: '#ffc078',
};

export const LIGHT: TimelineColors = {
  ...shared,
  ground: '#e3e8ee',
  gap: '#a15c00',
  line: '#b9c3ce',
  lineMajor: '#5a6673',
  text: '#17202a',
  dimmed: '#5a6673',
  playhead: '#0d141b',
  future: 'rgb(0 0 0 / 0.06)',
  mark: '#0b7a43',
  hold: '#087f5b',
  bookmark: '#5f3dc4',
  grave: '#a51111',
  warning: '#8f4700',
};
