/** What a decoder must know before the first picture. H.264 has no `vps`. */
export interface ParameterSets {
  vps: Buffer[];
  sps: Buffer[];
  pps: Buffer[];
}

export type NalKind = keyof ParameterSets | 'picture' | 'other';

export interface PictureSize {
  width: number;
  height: number;
}

/** What differs between H.264 and H.265 where a change of format must be seen. */
export interface VideoCoding {
  kindOf(nal: Buffer): NalKind;
  /** Of a decoder configuration record (avcC, hvcC). */
  setsOf(record: Buffer): ParameterSets;
  /** The record for other sets; `before` is the one they replace. @throws MalformedMp4, RangeError */
  recordOf(sets: ParameterSets, before: Buffer, nalLengthBytes: number): PictureSize & { record: Buffer };
}
