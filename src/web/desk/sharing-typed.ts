import { type Static, Type } from 'typebox';
import type { Sharing } from '#modules/market/index.ts';
import { exactly } from '#platform/schema.ts';
import { say } from '../messages.ts';
import { Text } from '../page.ts';

export const SharingBody = exactly({
  alpha: Text(10),
  beta: Text(10),
  floor: Text(10),
  do: Type.Enum(['preview', 'set']),
});
export type TypedSharing = Omit<Static<typeof SharingBody>, 'do'>;
export type SharingErrors = Partial<Record<keyof TypedSharing, string>>;

const EXPONENT_MAX = 10;
const FLOOR = { min: 0.001, max: 1000 };

export const typedSharing = ({ attractivenessExponent, distanceExponent, distanceFloorKm }: Sharing) => ({
  alpha: String(attractivenessExponent),
  beta: String(distanceExponent),
  floor: String(distanceFloorKm),
});

export function sharingIn(
  typed: TypedSharing,
): { sharing: Sharing; errors?: never } | { sharing?: never; errors: SharingErrors } {
  const errors: SharingErrors = {};
  const number = (field: keyof TypedSharing, min: number, max: number) => {
    const text = typed[field].trim().replace(',', '.');
    const value = /^\d{1,4}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    errors[field] = say(field === 'floor' ? 'desk.sharing.fault.floor' : 'desk.sharing.fault.exponent');
    return min;
  };
  const sharing = {
    attractivenessExponent: number('alpha', 0, EXPONENT_MAX),
    distanceExponent: number('beta', 0, EXPONENT_MAX),
    distanceFloorKm: number('floor', FLOOR.min, FLOOR.max),
  };
  return Object.keys(errors).length > 0 ? { errors } : { sharing };
}
