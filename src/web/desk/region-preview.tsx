import { type AreaPlan, type AreaSize, postcodeRange, sizeOf } from '#modules/market/index.ts';
import type { Db } from '#platform/db.ts';
import { ordersInside } from '#read/orders-inside.ts';
import { Notice } from '../components/Notice.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

const YEAR_DAYS = 365;
const COUNTED_MAX = 100_000;

/** What an area would be, before it is one. */
export interface AreaPreview {
  /** Of one that is drawn. */
  size: AreaSize | undefined;
  /** Of the last year: to its postcodes, or to the whole region that it is drawn in. */
  orders: number;
}

/** Refused as the area itself would be, where its parts are none. */
export async function previewOf(
  reads: Db,
  plan: AreaPlan,
  regionCode: string,
  now: Date,
): Promise<AreaPreview> {
  const since = new Date(now.getTime() - YEAR_DAYS * 86_400_000);
  const postcodes = plan.by === 'postcodes' ? plan.postcodes.map(postcodeRange) : undefined;
  const size = plan.by === 'postcodes' ? undefined : sizeOf(plan);
  return { size, orders: await ordersInside(reads, { regionCode, since, postcodes, max: COUNTED_MAX }) };
}

interface Props {
  preview: AreaPreview;
  parent: string;
  format: Format;
}

export function Preview({ preview: { size, orders }, parent, format }: Props) {
  const count = orders >= COUNTED_MAX ? `${format.number(COUNTED_MAX)}+` : format.number(orders);
  return (
    <Notice kind="info">
      {size
        ? t('desk.regions.preview.drawn', {
            count: size.cells,
            cells: format.number(size.cells),
            km2: format.number(Math.round(size.km2)),
            orders: count,
            parent,
          })
        : t('desk.regions.preview.postcodes', { orders: count })}
    </Notice>
  );
}
