/** One stream of pictures that a player may choose. What is not known is left out. */
export interface Variant {
  uri: string;
  codec: string | undefined;
  width: number | undefined;
  height: number | undefined;
  fps: number | null;
  bitrateKbps: number | null;
}

export interface SoundRendition {
  uri: string;
  codec: string;
  bitrateKbps: number | null;
}

const SOUND_GROUP = 'sound';
/** Assumed while nothing was measured, kbit/s. */
const USUAL_KBPS = 2_000;
/** Peaks over the average: keyframes. */
const PEAK = 1.5;

/**
 * The multivariant playlist (RFC 8216bis section 4.4.6). Sound is a rendition of its own, offered and never chosen
 * by itself: nobody shall hear a street who did not ask to.
 */
export function writeMultivariant(variants: readonly Variant[], sound: SoundRendition | undefined): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:10'];
  if (sound)
    lines.push(
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${SOUND_GROUP}",NAME="Sound",DEFAULT=NO,AUTOSELECT=NO,CHANNELS="1",URI="${sound.uri}"`,
    );
  for (const { uri, codec, width, height, fps, bitrateKbps } of variants) {
    const average = (Math.max(64, bitrateKbps ?? USUAL_KBPS) + (sound?.bitrateKbps ?? 0)) * 1000;
    const codecs = [codec, codec === undefined ? undefined : sound?.codec].filter((one) => one !== undefined);
    const attributes = [
      `BANDWIDTH=${Math.round(average * PEAK)}`,
      `AVERAGE-BANDWIDTH=${average}`,
      ...(codecs.length > 0 ? [`CODECS="${codecs.join(',')}"`] : []),
      ...(width && height ? [`RESOLUTION=${width}x${height}`] : []),
      ...(fps ? [`FRAME-RATE=${fps.toFixed(3)}`] : []),
      ...(sound ? [`AUDIO="${SOUND_GROUP}"`] : []),
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, uri);
  }
  return `${lines.join('\n')}\n`;
}
