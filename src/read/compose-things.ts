import { sql } from 'kysely';
import { cardsOf, type PricesFor, type ProductCard, searchProducts } from '#modules/catalog/index.ts';
import { faceKey, facesOf, fileOf } from '#modules/looks/index.ts';
import type { Db } from '#platform/db.ts';

/** A product that may be put into a look. */
export interface Thing {
  card: ProductCard;
  /** The pictures to place: as it is, and without its ground once that was cut away. */
  whole: string;
  cut: string | null;
  ratio: number;
}

const THINGS_SHOWN = 24;

/** What somebody searched for; without words, what they keep on their boards, and else what many like. */
export async function thingsFor(
  reads: Db,
  memberId: string,
  words: string,
  prices: PricesFor | undefined,
): Promise<Thing[]> {
  if (words.trim() !== '') {
    const { cards } = await searchProducts(reads, { words, limit: THINGS_SHOWN, uncounted: true, ...prices });
    return thingsOf(reads, cards);
  }
  const { rows } = await sql<{ id: string }>`
    select product_id as id from (
      select pin.product_id, max(pin.id::text) as latest from social.piece
      join boards.pin on pin.id = piece.id
      where piece.owner_id = ${memberId} and piece.kind = 'pin' and piece.state = 'live' and pin.product_id is not null
      group by pin.product_id) as kept
    order by latest desc limit ${THINGS_SHOWN}`.execute(reads);
  if (rows.length === 0) {
    const { cards } = await searchProducts(reads, { limit: THINGS_SHOWN, uncounted: true, ...prices });
    return thingsOf(reads, cards);
  }
  return thingsOfIds(
    reads,
    rows.map(({ id }) => id),
    prices,
  );
}

export async function thingsOfIds(
  reads: Db,
  ids: readonly string[],
  prices: PricesFor | undefined,
): Promise<Thing[]> {
  const cards = await cardsOf(reads, ids, prices);
  return thingsOf(
    reads,
    ids.flatMap((id) => cards.get(id) ?? []),
  );
}

async function thingsOf(reads: Db, cards: readonly ProductCard[]): Promise<Thing[]> {
  const faces = await facesOf(
    reads,
    cards.map(({ id }) => ({ productId: id, variantId: null })),
  );
  return cards.flatMap((card) => {
    const face = faces.get(faceKey({ productId: card.id, variantId: null }));
    if (!face) return [];
    const at = (isCut: boolean) => `/media/${face.sha256}/${fileOf(face, isCut)}`;
    return { card, whole: at(false), cut: face.isCut ? at(true) : null, ratio: face.height / face.width };
  });
}
