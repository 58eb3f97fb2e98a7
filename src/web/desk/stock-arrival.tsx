import { type Static, Type } from 'typebox';
import { locations } from '#modules/inventory/index.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { type VariantName, variantNames } from '#read/stock-list.ts';
import { type Column, Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { LINES_MAX } from './stock-lines.ts';
import { faultWith, type StockFault, unitsIn, VariantLink } from './stock-shell.tsx';

/** What a page about goods on their way shows beside them. */
export async function goodsView(
  { reads, config: { timeZone } }: Pick<Deps, 'reads' | 'config'>,
  lines: readonly { variantId: string }[],
) {
  const variantIds = lines.map(({ variantId }) => variantId);
  const [names, places, currency] = await Promise.all([
    variantNames(reads, variantIds),
    locations(reads),
    marketplaceCurrency(reads),
  ]);
  return { names, places, currency, timeZone };
}

/** How many of each have come: two lists of the same length, as a form without JavaScript sends them. */
export const ArrivalFields = {
  variant: Type.Array(Id, { maxItems: LINES_MAX, default: [] }),
  quantity: Type.Array(Type.String({ maxLength: 20 }), { maxItems: LINES_MAX, default: [] }),
};
interface Arrival {
  variant: Static<typeof ArrivalFields.variant>;
  quantity: Static<typeof ArrivalFields.quantity>;
}

/** What was typed for each variant. */
export const typedUnits = ({ variant, quantity }: Arrival): Map<string, string> =>
  new Map(variant.map((id, n) => [id, quantity[n] ?? '']));

export function arrivedIn(
  typed: ReadonlyMap<string, string>,
): { variantId: string; quantity: number }[] | StockFault {
  const lines: { variantId: string; quantity: number }[] = [];
  for (const [variantId, text] of typed) {
    const quantity = text.trim() === '' ? 0 : unitsIn(text, 0);
    if (quantity === undefined) return faultWith('quantity', t('desk.stock.fault.units'));
    lines.push({ variantId, quantity });
  }
  return lines;
}

interface Props<Line> {
  caption: string;
  lines: readonly Line[];
  names: ReadonlyMap<string, VariantName>;
  columns: readonly Column<Line>[];
  /** The fields of what has come, and what stands in them; without it nothing can be typed. */
  arriving?: ((line: Line) => string) | undefined;
  fault?: string | undefined;
}

/** Lines of goods that are on their way, with a field for how many have come. */
export function GoodsTable<Line extends { variantId: string }>({
  caption,
  lines,
  names,
  columns,
  arriving,
  fault,
}: Props<Line>) {
  const nameOf = (id: string) => names.get(id) ?? { id, sku: id, title: id, options: [], slug: null };
  const came: Column<Line> = {
    title: t('desk.stock.units'),
    figures: true,
    cell: (line) => {
      const { id, sku } = nameOf(line.variantId);
      return (
        <>
          <input type="hidden" name="variant" value={id} />
          <input
            class="units"
            name="quantity"
            inputmode="numeric"
            autocomplete="off"
            maxlength={8}
            value={arriving?.(line)}
            aria-label={t('desk.stock.units_of', { sku })}
            aria-describedby={fault ? 'arrival-error' : undefined}
          />
        </>
      );
    },
  };
  return (
    <>
      <Table
        caption={caption}
        rows={lines}
        rowKey={({ variantId }) => variantId}
        columns={[
          { title: t('desk.stock.product'), cell: ({ variantId }) => <VariantLink {...nameOf(variantId)} /> },
          ...(arriving ? [came] : []), // in sight on a phone, too
          ...columns,
        ]}
      />
      {fault && (
        <p class="field-error" id="arrival-error" role="alert">
          {fault}
        </p>
      )}
    </>
  );
}
