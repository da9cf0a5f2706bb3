/**
 * Text as search sees it. Names and queries are folded the same way, so that `Tverskaya`, `тверская` and
 * `ТВЕРСКАЯ` meet: lower case, marks off (ё is е, й is и), Cyrillic written in Latin letters, the usual
 * ways of transliterating brought to one, everything but letters and digits a space.
 * Raise the version when the result changes: stored search texts are then made anew at start.
 */
export const FOLD_VERSION = '1';

const CYRILLIC: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  е: 'e',
  є: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'h',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'i',
  ь: '',
  э: 'e',
  ю: 'iu',
  я: 'ia',
  // Latin letters that stand for the same sounds.
  y: 'i',
  j: 'i',
  // Soft and hard signs as Latin texts write them.
  "'": '',
  '’': '',
  ʹ: '',
  ʺ: '',
};

export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[\u0400-\u04ffyj'’ʹʺ]/g, (letter) => CYRILLIC[letter] ?? letter)
    .replace(/k+h/g, 'h')
    .replace(/sch/g, 'shch')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const MAC_PART = /^[0-9a-f]{2}(?:[:-][0-9a-f]{2})+[:-]?[0-9a-f]?$/i;

/** A MAC address without what separates its bytes; any other text as it is. */
const withoutMacSeparators = (text: string): string =>
  MAC_PART.test(text) ? text.replace(/[:-]/g, '') : text;

/** What is stored beside a device for search to look in. Starts with a space, so that ` word` finds beginnings. */
export function searchText(device: {
  name: string;
  address: string;
  id: string;
  mac: string;
  serial: string;
}): string {
  const mac = device.mac.replace(/[^0-9a-f]/gi, '').toLowerCase();
  return ` ${fold(`${device.name} ${device.address} ${device.id} ${device.serial}`)}${mac ? ` ${mac}` : ''}`;
}

/** Orders names as people do: without regard to case, ё with е, `Камера 9` before `Камера 10`. */
export function sortKey(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/[\u{10000}-\u{10ffff}]/gu, '')
    .trim()
    .replace(/\d+/g, (digits) => digits.padStart(8, '0'))
    .slice(0, 200);
}

/** One word of a query: any of `forms` must be found; `num` is set where the word may be a device's number. */
export interface QueryWord {
  readonly forms: readonly string[];
  /** The same forms as words of their own, with a space on either side. */
  readonly whole: readonly string[];
  readonly num: number | null;
}

const MAX_WORDS = 10;

/**
 * The words of a query, all of which must be found, in any order. A word of one or two characters must begin
 * a word, a longer one may stand inside. Where Latin `yo` or `ye` may be a lone ё or е, both forms are tried.
 */
export function queryWords(query: string): QueryWord[] {
  const words: QueryWord[] = [];
  for (const token of query.split(/\s+/)) {
    const plain = withoutMacSeparators(token).toLowerCase();
    const folded = fold(plain).split(' ');
    const softened = fold(plain.replace(/[yj][oe]/g, 'e')).split(' ');
    for (const [index, word] of folded.entries()) {
      if (word === '' || words.length === MAX_WORDS) continue;
      const other = softened.length === folded.length ? softened[index] : undefined;
      const forms = [word];
      if (other && other !== word) forms.push(other);
      words.push({
        forms: forms.map((form) => (form.length <= 2 ? ` ${form}` : form)),
        whole: forms.map((form) => ` ${form} `),
        num: /^\d{1,10}$/.test(word) ? Number(word) : null,
      });
    }
  }
  return words;
}

/** Whether a device with this search text and number fits every word. */
export function matches(words: readonly QueryWord[], search: string, num: number): boolean {
  for (const { forms, num: asNumber } of words) {
    if (asNumber === num) continue;
    let found = false;
    for (const form of forms) if (search.includes(form)) found = true;
    if (!found) return false;
  }
  return true;
}

/** Whether every word stands in this search text as a word of its own: `1` in `ul 1`, not in `ul 13`. */
export function fitsWhole(words: readonly QueryWord[], search: string): boolean {
  const text = `${search} `;
  return words.every(({ whole }) => whole.some((form) => text.includes(form)));
}
