import { expect, test } from 'vitest';
import { AppError } from '../base/errors.ts';
import { ffconcat, parseStreamAddress } from './stream-address.ts';

const source = (url: string, user: string | null = null, password: string | null = null) => ({
  url,
  user,
  password,
});

test('user and password beside the address are put inside, with every sign that could mean something else', () => {
  const address = parseStreamAddress(source("rtsp://cam.local:8554/it's/live?x=1", 'bob', "p@s:s/'x"), false);
  expect(address.kind).toBe('rtsp');
  expect(address.secretUrl).toBe('rtsp://bob:p%40s%3As%2F%27x@cam.local:8554/it%27s/live?x=1');
  expect(address.shown).toBe("rtsp://cam.local:8554/it's/live");
  expect(ffconcat(address, 'tcp').split('\n').slice(0, 3)).toEqual([
    'ffconcat version 1.0',
    "file 'rtsp://bob:p%40s%3As%2F%27x@cam.local:8554/it%27s/live?x=1'",
    'option rtsp_transport tcp',
  ]);
});

test('credentials inside the address are used and never shown', () => {
  const address = parseStreamAddress(source('http://amy:hidden@192.0.2.1/video.ts'), false);
  expect(address.secretUrl).toBe('http://amy:hidden@192.0.2.1/video.ts');
  expect(address.shown).toBe('http://192.0.2.1/video.ts');
  expect(address.secrets).toContain('hidden');
});

test('nobody writes a second line into what ffmpeg reads', () => {
  const address = parseStreamAddress(source("rtsp://cam/a'\nfile '/etc/passwd", 'x\ny', "z'\nw"), false);
  expect(ffconcat(address, 'tcp').split('\n')).toHaveLength(7);
  expect(ffconcat(address, 'tcp').match(/'/g)).toHaveLength(2);
});

test.each(['file:///etc/passwd', 'concat:/a', 'ftp://x/y', '/dev/video0', 'pipe:0', 'rtsp:///nohost', 'x'])(
  '%s is refused',
  (url) => {
    expect(() => parseStreamAddress(source(url), false)).toThrow(AppError);
  },
);

test('files are for the demonstration alone', () => {
  expect(parseStreamAddress(source('file:///srv/street.mp4'), true).kind).toBe('file');
});
