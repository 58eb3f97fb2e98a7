import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { own } from './own.ts';
import type { OrdersGoodsCostKind as Kind } from './tables.ts';

/** Units of a line that left, came back for sale, or were spoilt when they did. */
interface CostedLine {
  lineId: string;
  variantId: string;
  units: number;
}

/** What explains a movement of goods of an order. */
interface Moving {
  documentId: string;
  orderId: string;
  locationId: string;
  at: Date;
}

/** What all units of a variant that moved cost; its sign is the movement's. */
interface MovedValue {
  variantId: string;
  valueDeltaMinor: number;
}

/**
 * Writes down what the units of each line cost that left a location, or that are spoilt: what all of their variant cost,
 * shared out by units so that nothing is lost. The caller writes it with the movement, once for each document.
 */
export async function noteGoodsCost(
  tx: Tx,
  kind: Exclude<Kind, 'back'>,
  moving: Moving,
  lines: readonly CostedLine[],
  moved: readonly MovedValue[],
): Promise<void> {
  const valueOf = Map.groupBy(moved, ({ variantId }) => variantId);
  const values = [...Map.groupBy(lines, ({ variantId }) => variantId)].flatMap(([variantId, same]) => {
    const valueMinor = (valueOf.get(variantId) ?? []).reduce(
      (sum, { valueDeltaMinor }) => sum + Math.abs(valueDeltaMinor),
      0,
    );
    return sharedOut(valueMinor, same);
  });
  await insertEntries(tx, kind, moving, values);
}

interface LineValue extends CostedLine {
  valueMinor: number;
}

function sharedOut(valueMinor: number, lines: readonly CostedLine[]): LineValue[] {
  const all = lines.reduce((sum, { units }) => sum + units, 0);
  let units = 0;
  return lines.map((line) => {
    const before = partOf(valueMinor, units, all);
    units += line.units;
    return { ...line, valueMinor: partOf(valueMinor, units, all) - before };
  });
}

const partOf = (valueMinor: number, units: number, all: number): number =>
  all === 0 ? 0 : Number((BigInt(valueMinor) * BigInt(units)) / BigInt(all));

/**
 * Writes down that units are for sale again, at what they cost when they left, and answers that, line by line: the last
 * unit of a line that comes back brings the rest of it.
 */
export async function giveGoodsCostBack(
  tx: Tx,
  moving: Moving,
  lines: readonly CostedLine[],
): Promise<LineValue[]> {
  const { rows } = await sql<{
    lineId: string;
    sent: number;
    sentMinor: number;
    back: number;
    backMinor: number;
  }>`
    select order_line_id as "lineId", coalesce(sum(units) filter (where kind = 'sent'), 0)::integer as sent,
      coalesce(sum(value_minor) filter (where kind = 'sent'), 0)::bigint as "sentMinor",
      coalesce(-sum(units) filter (where kind = 'back'), 0)::integer as back,
      coalesce(-sum(value_minor) filter (where kind = 'back'), 0)::bigint as "backMinor"
    from orders.goods_cost_entry where order_line_id = any(${lines.map(({ lineId }) => lineId)}::uuid[])
    group by order_line_id`.execute(tx);
  const costs = new Map(rows.map(({ lineId, ...cost }) => [lineId, cost]));
  const values = lines.map((line) => {
    const cost = costs.get(line.lineId);
    if (!cost) return { ...line, valueMinor: 0 };
    const upTo = partOf(cost.sentMinor, Math.min(cost.sent, cost.back + line.units), cost.sent);
    return { ...line, valueMinor: Math.max(0, upTo - cost.backMinor) };
  });
  await insertEntries(tx, 'back', moving, values);
  return values;
}

async function insertEntries(
  tx: Tx,
  kind: Kind,
  { documentId, orderId, locationId, at }: Moving,
  values: readonly LineValue[],
): Promise<void> {
  if (values.length === 0) return;
  const sign = kind === 'back' ? -1 : 1;
  await own(tx)
    .insertInto('orders.goods_cost_entry')
    .values(
      values.map(({ lineId, units, valueMinor }) => ({
        kind,
        document_id: documentId,
        order_id: orderId,
        order_line_id: lineId,
        location_id: locationId,
        units: sign * units,
        value_minor: valueMinor === 0 ? 0 : sign * valueMinor,
        at,
      })),
    )
    .execute();
}
