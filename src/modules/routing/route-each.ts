import type { Db } from '#platform/db.ts';
import { availabilityOf, type StockLine } from '../inventory/index.ts';
import type { WantedLine } from './broker.ts';
import { freeOf, type Route, routeOver, triedOn } from './route.ts';
import { rulesFor } from './rule-sets.ts';
import { sendersInTurn, type SendersInTurn } from './senders.ts';

/** What is to be routed: as `routeFor` is asked. */
export interface Wanted {
  lines: readonly WantedLine[];
  regionCode: string;
  without: ReadonlySet<string>;
  unitId: string | undefined;
}

/** What routing knows of a moment, for all that is routed at it: read as it is asked for. Others may change it meanwhile. */
export interface RoutingMoment {
  at: Date;
  senders: SendersInTurn | undefined;
  /** What is left, by variant. */
  shelves: Map<string, StockLine[]>;
}

export const routingMoment = (at: Date): RoutingMoment => ({ at, senders: undefined, shelves: new Map() });

/** For who finds that others have changed it, or has given nothing away after all: all is read anew. */
export function readAnew(moment: RoutingMoment): void {
  moment.senders = undefined;
  moment.shelves.clear();
}

/**
 * The routes of many orders at one moment, one after the other: what is given to one, of stock and of a day's capacity, is
 * not there for the next. Each variant's stock is read once, and the locations.
 */
export async function routeEach(db: Db, wanted: readonly Wanted[], moment: RoutingMoment): Promise<Route[]> {
  const { shelves, at } = moment;
  const variantIds = new Set(wanted.flatMap(({ lines }) => lines.map(({ variantId }) => variantId)));
  const unread = [...variantIds].filter((id) => !shelves.has(id));
  const read = Map.groupBy(freeOf(await availabilityOf(db, unread, at)), ({ variantId }) => variantId);
  for (const id of unread) shelves.set(id, read.get(id) ?? []);
  const senders = (moment.senders ??= await sendersInTurn(db, at));
  const routes: Route[] = [];
  for (const { lines, regionCode, without, unitId } of wanted) {
    const free = lines.flatMap(({ variantId }) => shelves.get(variantId) ?? []).filter(notAt(without));
    const { version: ruleSetVersion, rules } = await rulesFor(db, triedOn(unitId, regionCode));
    const locations = [...new Set(free.map(({ locationId }) => locationId))].flatMap(
      (id) => senders.senderAt(id) ?? [],
    );
    const { positions } = senders;
    const route = routeOver(lines, { ruleSetVersion, rules, locations, positions }, free, regionCode);
    for (const { locationId, lines: given } of route.parts) {
      senders.assignTo(locationId);
      for (const line of given) take(shelves.get(line.variantId) ?? [], locationId, line.quantity);
    }
    routes.push(route);
  }
  return routes;
}

const notAt =
  (without: ReadonlySet<string>) =>
  ({ locationId, quantity }: StockLine) =>
    quantity > 0 && !without.has(locationId);

function take(shelf: readonly StockLine[], locationId: string, quantity: number): void {
  const place = shelf.find((each) => each.locationId === locationId);
  if (place) place.quantity -= quantity;
}
