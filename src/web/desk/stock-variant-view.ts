import { type Static, Type } from 'typebox';
import { namesOf } from '#modules/identity/index.ts';
import {
  incomingOf,
  levelsOf,
  locations,
  movementsOf,
  positionAt,
  sellingRuleOf,
  type StockMovement,
} from '#modules/inventory/index.ts';
import type { Db } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { variantNames } from '#read/stock-list.ts';
import { Text } from '../page.ts';
import { momentIn } from './local-moment.ts';

/** What is shown of the ledger, as the address has it. */
export const LedgerQuery = Type.Object({
  /** A moment of the shop's clock. */
  at: Text(20),
  /** Movements of one location: its code. */
  place: Text(120),
  before: Type.Integer({ minimum: 0, default: 0 }),
});
export type LedgerQuery = Static<typeof LedgerQuery>;

const MOVEMENTS_SHOWN = 50;
const LEVELS_MAX = 2_000;

export type VariantView = Awaited<ReturnType<typeof readVariant>>;

/** All that the page of a variant shows. */
export async function readVariant(
  { reads, config: { timeZone } }: Deps,
  variantId: string,
  query: LedgerQuery,
) {
  const variant = (await variantNames(reads, [variantId])).get(variantId);
  if (!variant) throw platformErrors.not_found({});
  const places = await locations(reads);
  const place = places.find(({ code }) => code === query.place);
  const at = momentIn(query.at, timeZone);
  const asked = {
    variantId,
    limit: MOVEMENTS_SHOWN,
    ...(place && { locationId: place.id }),
    ...(query.before > 0 && { before: query.before }),
  };
  const [{ levels }, { movements, cursor }, incoming, position, currency, selling] = await Promise.all([
    levelsOf(reads, { variantId, limit: LEVELS_MAX }),
    movementsOf(reads, asked),
    incomingOf(reads, [variantId]),
    at && positionAt(reads, at, { variantIds: [variantId] }),
    marketplaceCurrency(reads),
    sellingRuleOf(reads, variantId),
  ]);
  const names = await actorNames(reads, movements);
  const shown = { ...query, place: place?.code ?? '' };
  const orderOf = new Map(places.map(({ id }, order) => [id, order]));
  const byPlace = (one: { locationId: string }, other: { locationId: string }) =>
    (orderOf.get(one.locationId) ?? 0) - (orderOf.get(other.locationId) ?? 0);
  return {
    variant,
    places,
    levels: levels.toSorted(byPlace),
    movements,
    cursor,
    incoming,
    at,
    position: position?.toSorted(byPlace),
    currency,
    selling,
    names,
    timeZone,
    query: shown,
  };
}

/** The ledger has ids alone: of a member, or of a machine's key. */
async function actorNames(reads: Db, movements: readonly StockMovement[]): Promise<Map<string, string>> {
  const ids = [...new Set(movements.flatMap(({ actorId }) => actorId ?? []))];
  const names = await namesOf(
    reads,
    ids.flatMap((id) => [`member:${id}`, `machine:${id}`]),
  );
  return new Map([...names].map(([person, name]) => [person.slice(person.indexOf(':') + 1), name]));
}
