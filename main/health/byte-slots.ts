/** Bytes by device number, each in a slot of its size class: written over in place, so that a city's reports make no garbage. */
export interface ByteSlots {
  put(num: number, bytes: Uint8Array): void;
  /** A view, good until the next `put` or `drop`. */
  get(num: number): Uint8Array | undefined;
  drop(num: number): void;
  /** Numbers that hold something. */
  nums(): number[];
}

const STEP = 32;
const PAGE_BYTES = 64 * 1024;

interface SizeClass {
  slotBytes: number;
  slotsAPage: number;
  pages: Uint8Array[];
  used: number;
  free: number[];
}

export function createByteSlots(): ByteSlots {
  /** Length plus 1 of what a number holds; 0 for nothing. */
  let lengths = new Uint32Array(0);
  let places = new Uint32Array(0);
  const classes = new Map<number, SizeClass>();

  const classOf = (length: number): SizeClass => {
    const slotBytes = Math.max(STEP, Math.ceil(length / STEP) * STEP);
    let found = classes.get(slotBytes);
    if (!found) {
      const slotsAPage = Math.max(1, Math.floor(PAGE_BYTES / slotBytes));
      found = { slotBytes, slotsAPage, pages: [], used: 0, free: [] };
      classes.set(slotBytes, found);
    }
    return found;
  };

  function slot({ slotBytes, slotsAPage, pages }: SizeClass, place: number, length: number): Uint8Array {
    const start = (place % slotsAPage) * slotBytes;
    return pages[Math.floor(place / slotsAPage)]?.subarray(start, start + length) ?? new Uint8Array(0);
  }

  function claim(size: SizeClass): number {
    const again = size.free.pop();
    if (again !== undefined) return again;
    if (size.used === size.pages.length * size.slotsAPage)
      size.pages.push(new Uint8Array(size.slotsAPage * size.slotBytes));
    size.used += 1;
    return size.used - 1;
  }

  function grow(num: number): void {
    const count = Math.max(num + 1, lengths.length * 2, 1024);
    const moreLengths = new Uint32Array(count);
    const morePlaces = new Uint32Array(count);
    moreLengths.set(lengths);
    morePlaces.set(places);
    lengths = moreLengths;
    places = morePlaces;
  }

  function drop(num: number): void {
    const held = lengths[num] ?? 0;
    if (held === 0) return;
    classOf(held - 1).free.push(places[num] ?? 0);
    lengths[num] = 0;
  }

  return {
    put(num, bytes) {
      if (num >= lengths.length) grow(num);
      const size = classOf(bytes.length);
      const held = lengths[num] ?? 0;
      if (held === 0 || classOf(held - 1) !== size) {
        drop(num);
        places[num] = claim(size);
      }
      lengths[num] = bytes.length + 1;
      slot(size, places[num] ?? 0, bytes.length).set(bytes);
    },
    get(num) {
      const held = lengths[num] ?? 0;
      return held === 0 ? undefined : slot(classOf(held - 1), places[num] ?? 0, held - 1);
    },
    drop,
    nums: () => [...lengths.keys()].filter((num) => lengths[num] !== 0),
  };
}
