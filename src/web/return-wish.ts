import { marketsAt, type SeenAt, tillItemsOf } from '#modules/catalog/index.ts';
import { availabilityOf } from '#modules/inventory/index.ts';
import { RETURN_REASONS, type ReturnableLine, type ReturnWish } from '#modules/orders/index.ts';
import type { Db } from '#platform/db.ts';
import { t } from './messages.ts';

export type Typed = Record<string, string>;
export type Errors = Partial<Record<string, string>>;

export const unitsOf = (lineId: string) => `units_${lineId}`;
export const reasonOf = (lineId: string) => `reason_${lineId}`;
export const wantOf = (lineId: string) => `want_${lineId}`;
export const wantUnitsOf = (lineId: string) => `want_units_${lineId}`;
export const otherOf = (variantId: string) => `other_${variantId}`;
const NOTE_MAX = 1000;
const UNITS_MAX = 10_000;

/** What can be had in place of goods, and how much of it is there. */
export interface Choice {
  variantId: string;
  productId: string;
  title: string;
  options: string;
  sku: string;
  unitPriceMinor: number;
  left: number;
}

export interface Offered {
  lines: readonly ReturnableLine[];
  /** The options of what a line's goods are of, by the line. */
  choices: ReadonlyMap<string, readonly Choice[]>;
  /** Anything else that was looked for. */
  others: readonly Choice[];
}

interface OfferedWish {
  currency: string;
  /** Where the order went, which is where what is taken instead goes. */
  at: SeenAt | null;
  now: Date;
  others?: readonly string[];
}

/** The options of each line's product that are in stock, and the other goods that are asked about. */
export async function offeredFor(
  db: Db,
  lines: readonly ReturnableLine[],
  { currency, at, now, others = [] }: OfferedWish,
): Promise<Offered> {
  const returned = lines.map(({ variantId }) => variantId);
  const soldIn = { currency, markets: await marketsAt(db, at ?? undefined) };
  const known = await tillItemsOf(db, { variantIds: [...new Set([...returned, ...others])] }, soldIn, now);
  const productOf = new Map(known.map(({ variantId, productId }) => [variantId, productId]));
  const products = [...new Set(returned.flatMap((id) => productOf.get(id) ?? []))];
  const siblings = await Promise.all(
    products.map((productId) => tillItemsOf(db, { productIds: [productId] }, soldIn, now)),
  );
  const items = new Map([...known, ...siblings.flat()].map((item) => [item.variantId, item]));
  const free = await availabilityOf(db, [...items.keys()]);
  const choices = [...items.values()].map(
    ({ variantId, productId, title, options, sku, unitPriceMinor }): Choice => {
      const left = free.get(variantId)?.available ?? 0;
      return { variantId, productId, title, options, sku, unitPriceMinor, left };
    },
  );
  const inStock = (productId: string | undefined) =>
    choices.filter((each) => each.productId === productId && each.left > 0);
  return {
    lines,
    choices: new Map(lines.map((line) => [line.lineId, inStock(productOf.get(line.variantId))])),
    others: choices.filter(({ variantId }) => others.includes(variantId)),
  };
}

export interface Wish extends Pick<ReturnWish, 'kind' | 'refundTo' | 'lines' | 'note'> {
  /** In place of what comes back; nothing: its money. */
  wanted: { variantId: string; quantity: number }[];
  /** The price that was on the page which was sent; undefined where there was none. */
  seenMinor: number | undefined;
}

/** What a form asks for, or what is wrong with it, by its fields; `form` where it is none of them. */
export function wishIn(
  typed: Typed,
  offered: Offered,
): { wish: Wish; errors?: never } | { wish?: never; errors: Errors } {
  const errors: Errors = {};
  const lines: ReturnWish['lines'][number][] = [];
  const wanted: Wish['wanted'] = [];
  for (const line of offered.lines) {
    const { lineId, left } = line;
    const quantity = wholeOf(typed[unitsOf(lineId)]) ?? 0;
    const reason = RETURN_REASONS.find((each) => each === typed[reasonOf(lineId)]) ?? 'other';
    if (!(quantity <= left)) errors[unitsOf(lineId)] = t('return.fault.units', { left });
    else if (quantity > 0) {
      lines.push({ lineId, quantity, reason });
      const want = wantIn(typed, offered, lineId, quantity, errors);
      if (want) wanted.push(want);
    }
  }
  for (const { variantId, left } of offered.others) {
    const quantity = wholeOf(typed[otherOf(variantId)]) ?? 0;
    if (!(quantity <= left)) errors[otherOf(variantId)] = t('return.fault.units', { left });
    else if (quantity > 0) wanted.push({ variantId, quantity });
  }
  const note = (typed['note'] ?? '').replaceAll('\r', '').trim();
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (note.length > NOTE_MAX || /[\x00-\x09\x0b-\x1f\x7f]/.test(note))
    errors['note'] = t('return.fault.note');
  if (Object.keys(errors).length === 0 && lines.length === 0) errors['form'] = t('return.fault.nothing');
  if (Object.keys(errors).length > 0) return { errors };
  const kind = typed['kind'] === 'claim' ? 'claim' : 'return';
  const refundTo = typed['refund_to'] === 'store_credit' ? 'store_credit' : 'original';
  const seen = typed['to_pay'] ?? '';
  const seenMinor = /^\d{1,12}$/.test(seen) ? Number(seen) : undefined;
  return { wish: { kind, refundTo, lines, note, wanted, seenMinor } };
}

function wantIn(
  typed: Typed,
  { choices }: Offered,
  lineId: string,
  back: number,
  errors: Errors,
): Wish['wanted'][number] | undefined {
  const variantId = typed[wantOf(lineId)] ?? '';
  if (variantId === '') return undefined;
  const choice = choices.get(lineId)?.find((each) => each.variantId === variantId);
  if (!choice) {
    errors[wantOf(lineId)] = t('swap.fault.other');
    return undefined;
  }
  const quantity = wholeOf(typed[wantUnitsOf(lineId)]) ?? back;
  if (!(quantity >= 1 && quantity <= choice.left))
    errors[wantUnitsOf(lineId)] = t('swap.fault.units', { max: choice.left });
  return { variantId, quantity };
}

/** A whole number; NaN for what is none, undefined for nothing. */
function wholeOf(text = ''): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return /^\d{1,6}$/.test(trimmed) && Number(trimmed) <= UNITS_MAX ? Number(trimmed) : Number.NaN;
}
