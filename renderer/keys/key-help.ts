/** Keys by where they mean something; each with its words (`keys:<section>.<name>`). A space is `␣`. */
export const KEY_HELP = {
  everywhere: [
    ['everywhere.palette', ['Ctrl + K']],
    ['everywhere.help', ['?', 'F1']],
    ['everywhere.close', ['Esc']],
    ['everywhere.next', ['Tab', 'Shift + Tab']],
    ['everywhere.press', ['Enter', '␣']],
  ],
  map: [
    ['map.pan', ['← ↑ → ↓']],
    ['map.zoom', ['+', '−']],
  ],
  wall: [
    ['wall.go', ['← ↑ → ↓']],
    ['wall.enlarge', ['Enter']],
    ['wall.back', ['Esc']],
    ['wall.clear', ['Delete']],
    ['wall.layouts', ['1', '2', '3', '4', '5']],
    ['wall.free', ['0']],
    ['wall.page', ['Page Up', 'Page Down']],
    ['wall.pause', ['␣']],
    ['wall.fullscreen', ['F']],
    ['wall.cameras', ['C']],
    ['wall.move', ['Ctrl + ← ↑ → ↓']],
    ['wall.resize', ['Shift + ← ↑ → ↓']],
    ['wall.save', ['Ctrl + S']],
  ],
  archive: [
    ['archive.pause', ['␣', 'K']],
    ['archive.seconds', ['←', '→']],
    ['archive.minutes', ['Shift + ←', 'Shift + →']],
    ['archive.frame', [',', '.']],
    ['archive.speed', ['J', 'L']],
    ['archive.marks', ['I', 'O']],
    ['archive.camera', ['1', '…', '9']],
    ['archive.zoom', ['+', '−']],
    ['archive.pan', ['Page Up', 'Page Down']],
  ],
} as const;

export type KeySection = keyof typeof KEY_HELP;

/** What is of use on a screen, the nearest first. */
export function sectionsOf(path: string): readonly KeySection[] {
  const screen = path.split('/')[1];
  if (screen === 'map' || screen === 'wall' || screen === 'archive') return [screen, 'everywhere'];
  return ['everywhere'];
}

type Key = Pick<KeyboardEvent, 'code' | 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** A question mark, or the key that has it with Latin letters: with Russian ones it stands elsewhere. */
export const asksForHelp = ({ code, key, shiftKey, ctrlKey, metaKey, altKey }: Key): boolean =>
  !ctrlKey && !metaKey && !altKey && (key === '?' || (code === 'Slash' && shiftKey) || code === 'F1');
