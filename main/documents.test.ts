import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['main', 'renderer', 'fixtures', 'electron', 'native-bridge', 'scripts', 'tests', 'docs'];
const documents = [
  'ARCHITECTURE.md',
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const names = new Set(
  rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((name) => basename(name)),
  ),
);

/** A path as prose writes it: with or without the ending of a program's source. */
const exists = (path: string) => ['', '.ts', '.tsx'].some((ending) => existsSync(join(root, path + ending)));

/** Paths from the top, without those in which a name is left open, as in `dialects/{name}.ts`. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(new RegExp(`(?<![\\w/.@-])(?:${rooms.join('|')})/[\\w./{*-]*`, 'g'))]
    .map(([path]) => path.replace(/[./]+$/, ''))
    .filter((path) => !/[{*]/.test(path));

/** Files named by their last part alone. */
const filesIn = (text: string): string[] =>
  [...text.matchAll(/`(?:[\w-]+\/)*([\w-]+\.(?:ts|tsx|mjs|cjs))`/g)].flatMap(([, name]) => name ?? []);

describe('what the documents name', () => {
  it.each(documents)('%s names only files and folders that exist', (document) => {
    const text = readFileSync(join(root, document), 'utf8');
    expect(pathsIn(text).filter((path) => !exists(path))).toEqual([]);
    expect(filesIn(text).filter((name) => !names.has(name))).toEqual([]);
  });

  it('the map leaves no room out', () => {
    const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    expect(pathsIn(map).length).toBeGreaterThan(20);
    const folders = readdirSync(join(root, 'main'), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    expect(folders.map(({ name }) => name).filter((name) => !new RegExp(`\\b${name}/`).test(map))).toEqual(
      [],
    );
    expect(rooms.filter((room) => room !== 'docs' && !map.includes(`\`${room}/\``))).toEqual([]);
  });
});
