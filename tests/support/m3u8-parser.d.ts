/** What the tests use of it; the package brings no types. */
declare module 'm3u8-parser' {
  interface Segment {
    uri: string;
    duration: number;
    discontinuity?: boolean;
    dateTimeObject?: Date;
    map?: { uri: string };
    parts?: { uri: string; duration: number; independent?: boolean }[];
    preloadHints?: { type: string; uri: string }[];
  }
  interface Manifest {
    segments: Segment[];
    /** The one that is not whole yet. */
    preloadSegment?: Segment;
    endList?: boolean;
    mediaSequence: number;
    discontinuitySequence: number;
    targetDuration: number;
    partTargetDuration?: number;
    serverControl?: Record<string, number | boolean>;
    skip?: { skippedSegments: number };
    renditionReports?: { uri: string; lastMsn: number; lastPart: number }[];
    playlists?: { uri: string; attributes: Record<string, unknown> }[];
    mediaGroups?: Record<string, Record<string, Record<string, { uri: string }>>>;
  }
  export class Parser {
    manifest: Manifest;
    push(text: string): void;
    end(): void;
    on(event: 'warn' | 'error', listener: (told: { message: string }) => void): void;
  }
}
