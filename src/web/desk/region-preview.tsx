import {
  type AreaPlan,
  areasWithin,
  type AreaSize,
  cellsOf,
  postcodeRange,
  postcodesWithin,
  sizeOf,
} from '#modules/market/index.ts';
import { addDays } from '#platform/days.ts';
import type { Db } from '#platform/db.ts';
import { type RegionSales, regionSales, regionsInside } from '#read/region-sales.ts';
import { Notice } from '../components/Notice.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

const SOLD_DAYS = 90;
const COUNTED_MAX = 100_000;

/** What an area would be, before it is one. */
export interface AreaPreview {
  /** Of one that is drawn. */
  size: AreaSize | undefined;
  /** Of one that is drawn: the postcodes that are known to lie in it, from which on orders count there. */
  postcodes: number;
  /** What is known to have gone there lately: by postcode, or by areas whose middle lies in what is drawn. */
  known: RegionSales;
  /** Of a drawn one: what went to the region that it is drawn in, and may lie in it or not. */
  perhaps: RegionSales | undefined;
}

/** What regions sold lately, up to today. */
export const soldLately = (
  reads: Db,
  regionCodes: readonly string[],
  today: string,
  narrowed: Pick<Parameters<typeof regionSales>[1], 'postcodes' | 'beginnings'> = {},
): Promise<RegionSales> =>
  regionSales(reads, { regionCodes, since: addDays(today, -SOLD_DAYS), max: COUNTED_MAX, ...narrowed });

/** Refused as the area itself would be, where its parts are none. */
export async function previewOf(
  reads: Db,
  plan: AreaPlan,
  regionCode: string,
  today: string,
): Promise<AreaPreview> {
  const all = await regionsInside(reads, regionCode);
  if (plan.by === 'postcodes') {
    const known = await soldLately(reads, all, today, { postcodes: plan.postcodes.map(postcodeRange) });
    return { size: undefined, postcodes: 0, known, perhaps: undefined };
  }
  const cells = cellsOf(plan);
  const size = sizeOf(cells);
  const postcodes = await postcodesWithin(reads, regionCode.slice(0, 2), cells);
  if (postcodes.length > 0) {
    const known = await soldLately(reads, all, today, { beginnings: postcodes });
    return { size, postcodes: postcodes.length, known, perhaps: undefined };
  }
  const within = await areasWithin(reads, regionCode, cells);
  const [known, perhaps] = await Promise.all([
    soldLately(reads, within, today),
    soldLately(reads, [regionCode], today),
  ]);
  return { size, postcodes: 0, known, perhaps };
}

/** "12 orders, €340.00 net sales" */
export function salesText({ orders, net }: RegionSales, format: Format): string {
  const shown = orders >= COUNTED_MAX ? `${format.number(COUNTED_MAX)}+` : format.number(orders);
  const count = t('desk.regions.orders', { count: orders, shown });
  if (net.length === 0) return t('desk.regions.sold.nothing', { orders: count });
  const amounts = net.map(({ currency, amountMinor }) => format.money(amountMinor, currency));
  return t('desk.regions.sold', { orders: count, net: format.list(amounts) });
}

interface Props {
  preview: AreaPreview;
  parent: string;
  format: Format;
}

export function Preview({ preview: { size, postcodes, known, perhaps }, parent, format }: Props) {
  const sold = salesText(known, format);
  return (
    <Notice kind="info">
      {size ? (
        <>
          <p>
            {t('desk.regions.preview.drawn', {
              count: size.cells,
              cells: format.number(size.cells),
              km2: format.number(Math.round(size.km2)),
              sold,
            })}
          </p>
          <p>
            {postcodes === 0
              ? t('desk.regions.preview.without', { parent })
              : t('desk.regions.preview.within', { count: postcodes, shown: format.number(postcodes) })}
          </p>
          {perhaps && perhaps.orders > 0 && (
            <p>{t('desk.regions.preview.perhaps', { sold: salesText(perhaps, format), parent })}</p>
          )}
        </>
      ) : (
        t('desk.regions.preview.postcodes', { sold })
      )}
    </Notice>
  );
}
