/**
 * What is known of a device, one bit each; kept in 16 bits a device and stored so that a restart judges from the
 * same evidence.
 */
export const SPOKE = 1;
/** Declared offline, by its Will or by its silence; cleared by the next sign of life. */
export const GONE_BY_WILL = 2;
export const GONE_SILENT = 4;
/** Its last message on this channel was malformed. */
export const BAD_STATUS = 8;
export const BAD_STATE = 16;
export const BAD_OTHER = 32;
export const BAD = BAD_STATUS | BAD_STATE | BAD_OTHER;
/** It reports trouble of its own. */
export const TROUBLED = 64;
/** What the hub itself saw of the camera's stream. */
export const STREAM_OK = 128;
export const STREAM_LOST = 256;
/** Something was heard or seen since the hub started: not stored. Without it the status is a memory. */
export const CONFIRMED = 512;
/** It comes and goes too often. Its last results are not stored: after a start it has to show it anew. */
export const FLAPPING = 1024;
/** Somebody works on it: what it shows is expected. Not stored: who knows the windows says it again. */
export const MAINTENANCE = 2048;

/**
 * What the hub found in a camera's picture, three bits: 0 nothing, else its place in `PictureProblems` plus 1. Not
 * stored: who looks at pictures keeps it.
 */
export const PICTURE_AT = 12;
export const PICTURE = 7 << PICTURE_AT;

export const STORED = CONFIRMED - 1;
