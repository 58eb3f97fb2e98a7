import { sql } from 'kysely';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { carrierDelayDays } from '../fulfilment/index.ts';
import { businessDayAt, shiftDay } from '../insight/index.ts';
import { daysAround, delayEffect, type Others } from './delay-effect.ts';
import { writeEffect } from './effects.ts';

/** Carriers late where the same was proposed and nobody asked them: so many are a measure of what happens by itself. */
const HELD_OUT_LEAST = 2;

interface Asked {
  id: string;
  carrier: string;
  region: string;
  expectedUnits: number;
  decidedAt: Date;
}

/** Job. Measures what asking carriers brought, each night until what was sent in four weeks has come. */
export async function measureCarriers({
  db,
  config,
  now,
}: Pick<Deps, 'db' | 'config' | 'now'>): Promise<void> {
  const at = now();
  const knownTo = shiftDay(businessDayAt(at, config.timeZone), -1);
  for (const asked of await carriersAsked(db)) {
    const thing = {
      metric: 'late_shipments' as const,
      beside: 'carriers' as const,
      since: businessDayAt(asked.decidedAt, config.timeZone),
      knownTo,
      expectedFewer: asked.expectedUnits,
    };
    const { from, to } = daysAround(thing);
    const cells = await carrierDelayDays(db, {
      from: new Date(from),
      to: new Date(shiftDay(to, 1)),
      now: at,
    });
    const days = cells.map(({ carrier, countryCode, ...each }) => ({
      ...each,
      key: keyOf(carrier, countryCode),
    }));
    const groups = await othersOf(db, asked, { from, to }, new Map(cells.map((each) => [keyIn(each), each])));
    const { weighed, ...effect } = delayEffect(thing, days, keyOf(asked.carrier, asked.region), groups);
    const weights = weighed.map(({ key, weight }) => {
      const [region = '', carrier = ''] = splitKey(key);
      return { carrier, region, weight };
    });
    await inTransaction(db, (tx) =>
      writeEffect(tx, asked.id, effect.state === 'measured' ? { ...effect, weights } : effect, at),
    );
  }
}

interface Cell {
  carrier: string;
  countryCode: string;
}
const keyOf = (carrier: string, countryCode: string) => `${countryCode} ${carrier}`;
const keyIn = ({ carrier, countryCode }: Cell) => keyOf(carrier, countryCode);
const splitKey = (key: string) => [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];

/**
 * Without those that were asked meanwhile: carriers that were late in the same way and were not asked; else the others in that country,
 * whose weather it is; else all there are, the same carrier elsewhere among them.
 */
async function othersOf(
  db: Db,
  { carrier, region, decidedAt }: Asked,
  { from, to }: { from: string; to: string },
  cells: ReadonlyMap<string, Cell>,
): Promise<Others[]> {
  const { rows } = await sql<{ carrier: string; region: string; isAsked: boolean; isHeldOut: boolean }>`
    select facts ->> 'carrier' as carrier, region,
      bool_or(coalesce(verdict = 'accepted' and decided_at >= ${from}::date and decided_at < ${to}::date + 1, false))
        as "isAsked",
      bool_or(proposed_at <= ${decidedAt} and (state = 'open'
        or state in ('declined', 'lapsed') and changed_at >= ${decidedAt}::timestamptz - interval '28 days'))
        as "isHeldOut"
    from guidance.adjustment left join guidance.decision on adjustment_id = adjustment.id
    where kind = 'contact_carrier' and (facts ->> 'carrier', region) <> (${carrier}, ${region})
    group by 1, 2`.execute(db);
  const asked = new Set(rows.filter(({ isAsked }) => isAsked).map((row) => keyOf(row.carrier, row.region)));
  const heldOut = rows.filter(({ isHeldOut }) => isHeldOut).map((row) => keyOf(row.carrier, row.region));
  const free = [...cells].filter(([key]) => !asked.has(key));
  const there = free.filter(([, cell]) => cell.countryCode === region && cell.carrier !== carrier);
  const keys = (of: typeof free) => new Set(of.map(([key]) => key));
  return [
    {
      way: 'holdout',
      keys: new Set(heldOut.filter((key) => !asked.has(key))),
      least: HELD_OUT_LEAST,
    },
    { way: 'comparison', keys: keys(there), least: 1 },
    { way: 'comparison', keys: keys(free), least: 1 },
  ];
}

async function carriersAsked(db: Db): Promise<Asked[]> {
  const { rows } = await sql<Asked>`
    select adjustment.id, facts ->> 'carrier' as carrier, region, expected_units as "expectedUnits",
      decided_at as "decidedAt"
    from guidance.decision join guidance.adjustment on adjustment.id = adjustment_id
    where verdict = 'accepted' and kind = 'contact_carrier'
      and not exists (select from guidance.effect where effect.adjustment_id = adjustment.id and is_final)
    order by decided_at, adjustment.id`.execute(db);
  return rows;
}
