/** A client's MAC without the half that tells it from others of its maker. What is no MAC is hidden whole. */
export function maskedMac(mac: string): string {
  const digits = mac.replace(/[^0-9a-f]/gi, '').toLowerCase();
  if (digits.length !== 12) return 'xx:xx:xx:xx:xx:xx';
  return `${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}:xx:xx:xx`;
}
