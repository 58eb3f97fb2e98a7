const SMALL = new Set('a an and at by for from in of on or the to with'.split(' '));

/** How a title is shown: shouted words calmed down, the ones that are written so kept. */
export function titleStyle(keepWritten: readonly string[]): (written: string) => string {
  const kept = new Map(keepWritten.map((word) => [word.toUpperCase(), word]));
  const shown = new Map<string, string>();
  return (written) => {
    let title = shown.get(written);
    if (title === undefined) {
      const words = written
        .replace(/^[*,\s]+/, '')
        .replace(/[,\s]+$/, '')
        .split(/\s+/);
      title = words.map((word, index) => styleWord(word, index === 0, kept)).join(' ');
      shown.set(written, title);
    }
    return title;
  };
}

function styleWord(word: string, isFirst: boolean, kept: Map<string, string>): string {
  const asKept = kept.get(word.toUpperCase());
  if (asKept !== undefined) return asKept;
  if (/\p{Ll}{2}/u.test(word)) return word; // somebody chose its letters
  if (/\d/.test(word)) return styleMeasure(word);
  const lower = word.toLowerCase();
  if (!isFirst && SMALL.has(lower)) return lower;
  // Each part of HEART/ICE-CREAM begins anew; what follows an apostrophe does not, unless it is one letter before.
  return lower.replace(
    /(^|[\s/+\-"(.,&*])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

/** 45X45CM is 45x45cm, 500G is 500g; 50'S is 50's; SET3 is Set3. */
function styleMeasure(word: string): string {
  if (/^\d/.test(word)) return word.toLowerCase();
  return word
    .toLowerCase()
    .replace(/(^|[/+\-"(,])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** `White Hanging Heart` as a part of an address: `white-hanging-heart`. */
export function slugOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, '-').slice(0, 80);
  return slug.replace(/^-+|-+$/g, '');
}
