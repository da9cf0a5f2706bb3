/**
 * Where a recording file stands inside the recordings folder: `17/2026-01-15/090000-1768467600.mp4`.
 * The camera's number and the first segment's sequence number in it let a lost index be made anew.
 */
export function filePath(cameraNum: number, startMs: number, firstMsn: number): string {
  const iso = new Date(startMs).toISOString();
  return `${cameraNum}/${iso.slice(0, 10)}/${iso.slice(11, 19).replaceAll(':', '')}-${firstMsn}.mp4`;
}

export function parseFilePath(path: string): { cameraNum: number; firstMsn: number } | undefined {
  const match = /^(\d{1,9})\/\d{4}-\d\d-\d\d\/\d{6}-(\d{1,15})\.mp4$/.exec(path);
  return match ? { cameraNum: Number(match[1]), firstMsn: Number(match[2]) } : undefined;
}
