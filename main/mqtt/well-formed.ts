/**
 * Whether a text is one that MQTT may carry (MQTT 3.1.1 section 1.5.3): no NUL, and no U+FFFD, which stands where bytes
 * were no UTF-8. Nothing is well-formed too.
 */
export const isWellFormed = (text: string | undefined): boolean =>
  text === undefined || !(text.includes('\0') || text.includes('\uFFFD'));
