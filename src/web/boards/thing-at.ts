import { addressFrom, type SuggestedThing } from '#modules/boards/index.ts';
import { idsOfSlugs } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';

const PRODUCT = /^\/p\/([a-z0-9-]+)$/;
const PIECE = /^\/(?:looks|posts)\/([0-9a-f-]{36})$/;

/** What stands at an address: a thing of ours where it is one of our pages, else the page that it leads to. */
export async function thingAt(reads: Db, origin: string, typed: string): Promise<SuggestedThing> {
  const own = URL.parse(typed.trim());
  if (own?.origin === new URL(origin).origin) {
    const [slug, pieceId] = [PRODUCT.exec(own.pathname)?.[1], PIECE.exec(own.pathname)?.[1]];
    const productId = slug && (await idsOfSlugs(reads, 'product', [slug])).get(slug);
    if (productId) return { kind: 'product', productId };
    if (pieceId) return { kind: 'piece', pieceId };
  }
  return { kind: 'link', url: addressFrom(typed) };
}
