import { type Static, Type } from 'typebox';
import { ADJUSTMENT_REASONS, type Correction, type Location } from '#modules/inventory/index.ts';
import { newId } from '#platform/ids.ts';
import { exactly, Id } from '#platform/schema.ts';
import { t } from '../messages.ts';
import { Text } from '../page.ts';
import { faultWith, type StockFault, unitsIn } from './stock-shell.tsx';

export const CORRECTION_KINDS = ['count', 'adjust', 'damage', 'write_off'] as const;

/** What people found at a location. The id was made with the form: sent twice, it is one correction. */
export const CorrectionBody = exactly({
  id: Id,
  kind: Type.Enum([...CORRECTION_KINDS]),
  location: Text(120),
  quantity: Text(20),
  reason: Text(20),
});
export type TypedCorrection = Static<typeof CorrectionBody>;

export const firstCorrection = (location: string): TypedCorrection => ({
  id: newId(),
  kind: 'count',
  location,
  quantity: '',
  reason: '',
});

/** Below which a quantity of the kind makes no sense. */
const LEAST = { count: 0, adjust: -1_000_000, damage: 1, write_off: 1 } as const;

/** The correction that was typed, or what is wrong with it. */
export function correctionIn(
  typed: TypedCorrection,
  variantId: string,
  places: readonly Location[],
): Correction | StockFault {
  const { id, kind } = typed;
  const place = places.find(({ code }) => code === typed.location);
  if (!place) return faultWith('location', t('desk.stock.fault.location'));
  const quantity = unitsIn(typed.quantity, LEAST[kind]);
  if (quantity === undefined || (kind === 'adjust' && quantity === 0))
    return faultWith('quantity', t(`desk.stock.fault.quantity.${kind}`));
  const lines = [{ variantId, locationId: place.id, quantity }];
  if (kind !== 'adjust') return { id, kind, lines };
  const reason = ADJUSTMENT_REASONS.find((each) => each === typed.reason);
  return reason ? { id, kind, lines, reason } : faultWith('reason', t('desk.stock.fault.reason'));
}

/** How many units stay at a location and are not promised. */
export const SafetyBody = exactly({ shelf: Text(120), safety: Text(20) });
export type TypedSafety = Static<typeof SafetyBody>;

export function safetyIn(
  { shelf, safety }: TypedSafety,
  places: readonly Location[],
): { locationId: string; units: number } | StockFault {
  const place = places.find(({ code }) => code === shelf);
  if (!place) return faultWith('shelf', t('desk.stock.fault.location'));
  const units = unitsIn(safety, 0);
  return units === undefined
    ? faultWith('safety', t('desk.stock.fault.safety'))
    : { locationId: place.id, units };
}
