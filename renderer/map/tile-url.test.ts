import { describe, expect, it } from 'vitest';
import { tileUrlFault } from './tile-url.ts';

describe('tile address', () => {
  it('is taken when the page may load it', () => {
    expect(tileUrlFault('https://tiles.example.org/{z}/{x}/{y}.png')).toBeNull();
    expect(tileUrlFault('/tiles/{z}/{x}/{y}.png')).toBeNull();
  });

  it('must be https or of the hub itself', () => {
    expect(tileUrlFault('http://tiles.example.org/{z}/{x}/{y}.png')).toBe('not-https');
    expect(tileUrlFault('//tiles.example.org/{z}/{x}/{y}.png')).toBe('not-https');
    expect(tileUrlFault('javascript:alert(1)//{z}{x}{y}')).toBe('not-https');
  });

  it('must have a place for zoom, column and row', () => {
    expect(tileUrlFault('https://tiles.example.org/{z}/{x}.png')).toBe('no-places');
  });
});
