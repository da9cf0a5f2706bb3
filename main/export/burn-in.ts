import type { ExportGapReason } from '../contract/export.ts';
import { cityText, zoneLabel } from './city-time.ts';
import { type Language, lengthText, words } from './words.ts';

/** The font's name in the folder that ffmpeg works in. */
export const FONT_FILE = 'font.ttf';

/** A drawing of text: ffmpeg's filters, and the files that they read, all in the folder that it works in. */
export interface Drawing {
  filters: string[];
  files: Record<string, string>;
}

/** Average width of a letter against the font's size, generously. */
const LETTER = 0.62;
const MARGIN = 8;
/** Letters that must fit into a line: the time in both zones is the longest. */
const LINE_LETTERS = 56;

/** As large as can be read, as small as fits. */
export const fontSize = (width: number, height: number): number =>
  Math.max(8, Math.floor(Math.min(height / 30, (width - 2 * MARGIN) / (LINE_LETTERS * LETTER))));

/** One line of plain text: no control character can end the line or hide what follows. */
export const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Breaks text into lines of so many letters, at spaces where there are any. */
export function wrap(text: string, letters: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of plain(text).split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if ([...joined].length <= letters) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const rest = [...word];
    while (rest.length > letters) lines.push(rest.splice(0, letters).join(''));
    line = rest.join('');
  }
  return [...lines, line].filter((one) => one !== '').join('\n');
}

/**
 * One text filter. The text itself stands in a file and never in the filter's own language, so that no name can
 * change what the filter does; `expansion` is only ever on for text that this program made itself.
 */
const drawtext = (file: string, expansion: 'none' | 'normal', more: string): string =>
  `drawtext=fontfile=${FONT_FILE}:textfile=${file}:expansion=${expansion}:${more}`;

/** Rounds to the nearest millisecond without ever standing on a whole second, where two roundings could differ. */
const ROUNDING_S = 0.000503;

/**
 * The clock of a frame in drawtext's own words: `t` is the frame's time in the piece, whose time 0 was `startMs`
 * UTC. Milliseconds come from the frame too, so the clock is true for uneven frames and across a whole piece.
 */
export function clockText(startMs: number, offsetMs: number): string {
  const parts = (ms: number) => (ms / 1000 + ROUNDING_S).toFixed(6);
  const local = startMs + offsetMs;
  const fraction = (((local % 1000) + 1000) % 1000) / 1000 + ROUNDING_S;
  const millis = `%{eif:floor(mod((t+${fraction.toFixed(6)})*1000,1000)):d:3}`;
  return (
    `%{pts:gmtime:${parts(local)}:%d.%m.%Y %H\\:%M\\:%S}.${millis} ${zoneLabel(offsetMs)}` +
    ` · %{pts:gmtime:${parts(startMs)}:%H\\:%M\\:%S}.${millis} UTC`
  );
}

export interface MarkText {
  /** UTC ms of the moment that the filter's time 0 is. */
  startMs: number;
  offsetMs: number;
  camera: string;
  person: string;
  /** What this copy is: `выгрузка b430531a`, the end of its id. */
  copy: string;
}

/** The mark on every frame: time and camera above, who took the copy below and, faintly, across the middle. */
export function markDrawing(
  { startMs, offsetMs, camera, person, copy }: MarkText,
  width: number,
  height: number,
  name: string,
): Drawing {
  const size = fontSize(width, height);
  const letters = Math.max(8, Math.floor((width - 2 * MARGIN) / (size * LETTER)));
  const boxed = `fontsize=${size}:fontcolor=white:line_spacing=2:box=1:boxcolor=black@0.6:boxborderw=5`;
  const [time, above, below, middle] = ['time', 'camera', 'person', 'middle'].map(
    (part) => `${name}-${part}.txt`,
  );
  const lineHeight = Math.ceil(size * 1.2) + 10;
  return {
    filters: [
      drawtext(`${time}`, 'normal', `${boxed}:x=${MARGIN}:y=${MARGIN}`),
      drawtext(`${above}`, 'none', `${boxed}:x=${MARGIN}:y=${MARGIN + lineHeight}`),
      drawtext(`${below}`, 'none', `${boxed}:x=${MARGIN}:y=h-th-${MARGIN}`),
      drawtext(
        `${middle}`,
        'none',
        `fontsize=${size}:fontcolor=white@0.3:shadowcolor=black@0.3:shadowx=1:shadowy=1:x=(w-tw)/2:y=(h-th)/2`,
      ),
    ],
    files: {
      [`${time}`]: clockText(startMs, offsetMs),
      [`${above}`]: wrap(camera, letters),
      [`${below}`]: wrap(`${person} · ${copy}`, letters),
      [`${middle}`]: wrap(person, letters),
    },
  };
}

export interface CardText {
  from: number;
  to: number;
  reason: ExportGapReason;
  offsetMs: number;
  camera: string;
  person: string;
  language: Language;
}

/** The card that stands for missing footage: from when to when, and why. */
export function cardDrawing(
  { from, to, reason, offsetMs, camera, person, language }: CardText,
  width: number,
  height: number,
  name: string,
): Drawing {
  const size = Math.floor(fontSize(width, height) * 1.2);
  const letters = Math.max(8, Math.floor((width - 2 * MARGIN) / (size * LETTER)));
  const said = words[language];
  const lines = [
    `${said.noFootage}: ${lengthText(to - from, language)}`,
    `${cityText(from, offsetMs)} – ${cityText(to, offsetMs)} ${zoneLabel(offsetMs)}`,
    said.gap[reason],
    camera,
    person,
  ];
  const file = `${name}-card.txt`;
  return {
    filters: [
      drawtext(file, 'none', `fontsize=${size}:fontcolor=white:line_spacing=8:x=(w-tw)/2:y=(h-th)/2`),
    ],
    files: { [file]: lines.map((line) => wrap(line, letters)).join('\n') },
  };
}
