import { splitByWeight } from '#platform/money.ts';
import type { MarketCreditKind } from './tables.ts';

/** A store that a region belongs to, and how much of it beside the others. */
export interface Holder {
  locationId: string | null;
  weight: number;
}

/** Whose a region was on a business day: never empty, nobody is one holder without a location. */
export type HoldersAt = (regionCode: string, businessDay: string) => readonly Holder[];

/** A line of a document as its event tells it. Amounts are positive for what was ordered and for what came back. */
export interface DocumentLine {
  lineId: string;
  kind: string;
  variantId: string | null;
  netMinor: number;
  orderLineId?: string | null;
}

/** An order, or what was taken off one: a return, a cancellation. */
export interface Document {
  eventId: string;
  isOrder: boolean;
  regionCode: string;
  currency: string;
  businessDay: string;
  associateId?: string | null;
  lines: readonly DocumentLine[];
}

export interface Credit {
  kind: MarketCreditKind;
  lineId: string;
  eventId: string;
  locationId: string | null;
  associateId: string | null;
  amountMinor: number;
  currency: string;
  businessDay: string;
  regionCode: string | null;
}

/** Net sales are goods and what was taken off their price: postage, fees and vouchers are nobody's sale. */
const CREDITED = new Set(['goods', 'discount']);

/** A line of the order with how much of it is back. */
interface OpenLine {
  line: DocumentLine;
  backMinor: number;
}

/**
 * The credits of one sale: its order, if there is one, and all that was taken off it, in the order of the event table.
 * What comes back is taken from those who were credited with the line, by the same shares: all that is back of a line
 * is shared as a whole and what was shared before is taken off, so a line that is wholly back leaves nothing behind.
 */
export function creditsOf(documents: readonly Document[], holdersAt: HoldersAt): Credit[] {
  const order = documents.find(({ isOrder }) => isOrder);
  const credits: Credit[] = [];
  if (!order) {
    for (const document of documents) {
      const holders = holdersAt(document.regionCode, document.businessDay);
      for (const line of creditedLines(document)) {
        addShares(credits, document, line, holders, sharesOf(-line.netMinor, holders));
      }
    }
    return credits;
  }
  const holders = holdersAt(order.regionCode, order.businessDay);
  const associateId = order.associateId ?? null;
  const open = creditedLines(order).map((line): OpenLine => ({ line, backMinor: 0 }));
  for (const { line } of open) {
    addShares(credits, order, line, holders, sharesOf(line.netMinor, holders));
    if (associateId) credits.push(associateCredit(order, line, associateId, line.netMinor));
  }
  for (const document of documents) {
    if (document.isOrder) continue;
    for (const line of creditedLines(document)) {
      addShares(credits, document, line, holders, takenBack(open, line, holders));
      if (associateId) credits.push(associateCredit(document, line, associateId, -line.netMinor));
    }
  }
  return credits;
}

const creditedLines = ({ lines }: Document) => lines.filter(({ kind }) => CREDITED.has(kind));

/** An amount of either sign among the holders, to the minor unit. */
export function sharesOf(amountMinor: number, holders: readonly Holder[]): number[] {
  if (holders.length === 1) return [amountMinor];
  const parts = splitByWeight(
    Math.abs(amountMinor),
    holders.map(({ weight }) => weight),
  );
  return amountMinor < 0 ? parts.map((part) => -part) : parts;
}

function takenBack(open: readonly OpenLine[], line: DocumentLine, holders: readonly Holder[]): number[] {
  if (holders.length === 1) return [-line.netMinor];
  const taken = holders.map(() => 0);
  for (const [from, amountMinor] of spread(linesBehind(open, line), line.netMinor)) {
    const before = sharesOf(from.backMinor, holders);
    from.backMinor += amountMinor;
    for (const [index, share] of sharesOf(from.backMinor, holders).entries()) {
      taken[index] = (taken[index] ?? 0) - share + (before[index] ?? 0);
    }
  }
  return taken;
}

/** The order's lines that a returned line may be of: the one it names, else those of the same thing. */
function linesBehind(open: readonly OpenLine[], line: DocumentLine): readonly OpenLine[] {
  const named = line.orderLineId ?? line.lineId;
  const exact = open.filter((each) => each.line.lineId === named);
  if (exact.length > 0) return exact;
  const alike = open.filter(
    ({ line: { kind, variantId } }) => kind === line.kind && variantId === line.variantId,
  );
  return alike.length > 0 ? alike : [{ line, backMinor: 0 }];
}

/** Fills what is left of one line after the other; the last takes whatever is more. */
function* spread(lines: readonly OpenLine[], amountMinor: number): Generator<[OpenLine, number]> {
  let rest = amountMinor;
  for (const [index, each] of lines.entries()) {
    const left = each.line.netMinor - each.backMinor;
    const isLast = index === lines.length - 1;
    const taken = isLast ? rest : within(rest, left);
    if (taken !== 0) yield [each, taken];
    rest -= taken;
  }
}

/** As much of an amount as there is room for; nothing where they point in opposite directions. */
const within = (amount: number, room: number) =>
  amount > 0 ? Math.max(0, Math.min(amount, room)) : Math.min(0, Math.max(amount, room));

/** Shares of nothing are left out, but for the first where there is no other: each line is in the ledger. */
function addShares(
  credits: Credit[],
  document: Document,
  { lineId }: DocumentLine,
  holders: readonly Holder[],
  shares: readonly number[],
): void {
  const isNothing = shares.every((share) => share === 0);
  for (const [index, { locationId }] of holders.entries()) {
    const amountMinor = shares[index] ?? 0;
    if (amountMinor === 0 && !(isNothing && index === 0)) continue;
    credits.push({
      kind: 'regional',
      lineId,
      locationId,
      associateId: null,
      ...factsOf(document, amountMinor),
    });
  }
}

const associateCredit = (
  document: Document,
  { lineId }: DocumentLine,
  associateId: string,
  amountMinor: number,
): Credit => ({
  kind: 'associate',
  lineId,
  locationId: null,
  associateId,
  ...factsOf(document, amountMinor),
});

const factsOf = ({ eventId, currency, businessDay, regionCode }: Document, amountMinor: number) => ({
  eventId,
  amountMinor: amountMinor === 0 ? 0 : amountMinor, // a zero has no sign
  currency,
  businessDay,
  regionCode,
});
