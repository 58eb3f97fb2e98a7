import type { Item } from './basket.ts';

const HITS_MAX = 8;

/** What this browser knows of what is sold, by its codes and its words. */
export interface Catalogue {
  size: number;
  byCode(code: string): Item | undefined;
  byId(variantId: string): Item | undefined;
  search(words: string): Item[];
  /** Adds items, or puts newer in their place. */
  put(items: readonly Item[]): void;
  /** Whatever comes first; undefined while nothing is known. */
  any(): Item | undefined;
  /** What is no longer sold. */
  drop(variantId: string): void;
}

const plain = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** A label may carry the fourteen digits of a code that a book writes with thirteen, or with twelve. */
const asCode = (code: string) => (/^\d{8,14}$/.test(code) ? code.padStart(14, '0') : code.toLowerCase());

export function makeCatalogue(items: readonly Item[] = []): Catalogue {
  const codes = new Map<string, Item>();
  const known = new Map<string, { item: Item; title: string; words: string }>();
  const put = (more: readonly Item[]) => {
    for (const item of more) {
      if (item.gtin) codes.set(asCode(item.gtin), item);
      codes.set(asCode(item.sku), item);
      const title = plain(item.title);
      known.set(item.variantId, { item, title, words: `${title} ${plain(item.options)} ${plain(item.sku)}` });
    }
  };
  put(items);
  return {
    get size() {
      return known.size;
    },
    put,
    drop(variantId) {
      const item = known.get(variantId)?.item;
      known.delete(variantId);
      for (const code of [item?.sku, item?.gtin]) if (code) codes.delete(asCode(code));
    },
    any: () => known.values().next().value?.item,
    byCode: (code) => codes.get(asCode(code)),
    byId: (variantId) => known.get(variantId)?.item,
    search(typed) {
      const words = plain(typed).split(/\s+/).filter(Boolean);
      const [first] = words;
      if (first === undefined) return [];
      const begins: Item[] = [];
      const others: Item[] = [];
      for (const each of known.values()) {
        if (!words.every((word) => each.words.includes(word))) continue;
        if (each.title.startsWith(first)) begins.push(each.item);
        else if (others.length < HITS_MAX) others.push(each.item);
        if (begins.length === HITS_MAX) break;
      }
      return [...begins, ...others].slice(0, HITS_MAX);
    },
  };
}
