import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../base/errors.ts';
import { parseStreamAddress } from './stream-address.ts';

const parse = (url: string, user: string | null = null, password: string | null = null) =>
  parseStreamAddress({ url, user, password });

test('user and password are taken out of the address, the rest stays letter for letter', () => {
  expect(parse('rtsp://admin:p%40ss@10.0.0.5:554/Streaming/Channels/101?x=Ab')).toEqual({
    url: 'rtsp://10.0.0.5:554/Streaming/Channels/101?x=Ab',
    user: 'admin',
    password: 'p@ss',
    host: 'rtsp://10.0.0.5:554',
  });
});

test('an at-sign in the path belongs to the path', () => {
  expect(parse('rtsp://host/a@b')).toMatchObject({ url: 'rtsp://host/a@b', user: null });
});

test('user and password beside the address win', () => {
  expect(parse('rtsp://a:b@host/x', 'c', 'd')).toMatchObject({ user: 'c', password: 'd' });
});

test.each(['rtsp://h/x', 'rtsps://h/x', 'http://h/x', 'https://h/x', 'rtsp://[2001:db8::1]:554/x'])(
  '%s is taken',
  (url) => expect(parse(url).url).toBe(url),
);

describe('refused', () => {
  test.each([
    'ftp://h/x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'rtsp://',
    'rtsp:///x',
    'host/x',
    '',
    'rtsp://h/a b',
    "rtsp://h/a\nfile '/etc/passwd'",
    'rtsp://h/a\u00a0b',
    'rtsp://admin:a/b@host/x',
    'fixture-file:loop.mp4',
  ])('%j', (url) => {
    let thrown: unknown;
    try {
      parse(url);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({ code: 'bad-stream-address', status: 400 });
  });

  test('the sentence never repeats the address', () => {
    expect(() => parse('ftp://admin:hunter2@h/x')).toThrow(/^(?!.*hunter2)/);
  });
});

test('looped files are taken for the demonstration', () => {
  expect(
    parseStreamAddress({ url: 'fixture-file:loop.mp4', user: null, password: null }, { allowFiles: true }),
  ).toEqual({ url: 'fixture-file:loop.mp4', user: null, password: null, host: 'fixture-file:' });
});

test('any user and password survive the way through an address', () => {
  const secret = fc.string({ minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(secret, secret, (user, password) => {
      const url = `rtsp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@host/x`;
      expect(parse(url)).toMatchObject({ url: 'rtsp://host/x', user, password });
    }),
  );
});
