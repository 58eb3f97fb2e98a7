import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { answer, type Clock } from '../insight/index.ts';
import { type Panel, panelIn } from './panel.ts';

interface Repriced {
  variantId: string;
  region: string;
  /** Countries that had a price of their own. */
  besides: string[] | null;
  currency: string;
}

/** What else got another price in the same market meanwhile: it is no measure of what would have been. */
export async function repriced(
  db: Db,
  { region, variantId }: Pick<Repriced, 'region' | 'variantId'>,
  { first, last }: { first: string; last: string },
): Promise<Set<string>> {
  const { rows } = await sql<{ variantId: string }>`
    select distinct facts ->> 'variantId' as "variantId"
    from guidance.adjustment join guidance.decision on adjustment_id = adjustment.id
    where kind = 'reprice' and region = ${region} and facts ->> 'variantId' <> ${variantId}
      and verdict = 'accepted' and decided_at >= ${first}::date and decided_at <= ${last}::date`.execute(db);
  return new Set(rows.map((row) => row.variantId));
}

/**
 * What got another price beside what sells best in its market, day by day. Goods and not markets: a price mostly holds in all of them,
 * and in another country it is another one.
 */
export async function goodsPanel(
  clickhouse: Deps['clickhouse'],
  { variantId, region, besides, currency }: Repriced,
  { decidedOn, from, toDay, most }: { decidedOn: string; from: string; toDay: string; most: number },
  clock: Clock,
): Promise<Panel> {
  const asked = { from, to: toDay, currency, metrics: ['units'] as const };
  const regions = await regionsOf();
  const where = regions === undefined ? {} : { region: regions };
  const best = await answer(
    clickhouse,
    // As many again may have got another price themselves.
    { ...asked, by: ['variant'], filters: where, top: { count: 2 * most } },
    clock,
  );
  const variants = best.rows.flatMap(({ keys }) => (isVariant(keys.variant) ? [keys.variant] : []));
  const { rows } = await answer(
    clickhouse,
    {
      ...asked,
      by: ['variant', 'day'],
      filters: { ...where, variant: [...new Set([variantId, ...variants])] },
    },
    clock,
  );
  return panelIn(
    rows.map(({ keys, figures }) => ({ key: keys.variant, day: keys.day, value: figures.units?.value })),
    { decidedOn, toDay },
  );

  /** Where the price holds; undefined for everywhere. */
  async function regionsOf(): Promise<string[] | undefined> {
    if (region !== '') return [region];
    if (!besides || besides.length === 0) return undefined;
    const all = await answer(clickhouse, { ...asked, by: ['region'] }, clock);
    return all.rows.flatMap(({ keys }) =>
      keys.region !== undefined && !besides.includes(keys.region) ? [keys.region] : [],
    );
  }
}

/** Neither the rest nor what is no variant of ours. */
const isVariant = (key: string | undefined): key is string =>
  key !== undefined && /^[0-9a-f-]{36}$/.test(key) && !/^0{8}-0{4}-/.test(key);
