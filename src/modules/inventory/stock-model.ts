import type { MovementLine, post } from './movement.ts';

/** What a level should be, told without a database: for tests. */
export interface Balances {
  onHand: number;
  reserved: number;
  allocated: number;
  damaged: number;
  valueMinor: number;
}

export const NOTHING: Balances = { onHand: 0, reserved: 0, allocated: 0, damaged: 0, valueMinor: 0 };

export type Kind = Parameters<typeof post>[1];
export type Told = Pick<MovementLine, 'quantity' | 'valueMinor' | 'beyond'>;
type Move = (model: Balances, told: Told) => Balances | undefined;

const freeOf = ({ onHand, reserved, allocated }: Balances) => onHand - reserved - allocated;

/** Units that are told a cost bring it along; others come and go with their share of what is there. */
function changed(m: Balances, units: number, toldMinor?: number): Balances | undefined {
  if (m.onHand + units < 0) return undefined;
  const share = m.onHand === 0 ? 0 : Math.trunc((m.valueMinor * units) / m.onHand);
  const valueMinor = m.valueMinor + (units > 0 && toldMinor !== undefined ? toldMinor : share);
  return { ...m, onHand: m.onHand + units, valueMinor };
}

const comes: Move = (m, { quantity, valueMinor }) => changed(m, quantity, valueMinor);

/** What each movement does to the model: undefined where it must be refused. */
export const MODEL: Record<Kind, Move> = {
  receive: comes,
  return_in: comes,
  transfer_in: comes,
  adjust: comes,
  count: (m, { quantity }) => changed(m, quantity - m.onHand),
  reserve: (m, { quantity, beyond = 0 }) =>
    Math.max(0, freeOf(m)) + beyond >= quantity ? { ...m, reserved: m.reserved + quantity } : undefined,
  release: (m, { quantity }) =>
    m.reserved >= quantity ? { ...m, reserved: m.reserved - quantity } : undefined,
  allocate: (m, { quantity }) =>
    m.reserved >= quantity
      ? { ...m, reserved: m.reserved - quantity, allocated: m.allocated + quantity }
      : undefined,
  deallocate: (m, { quantity }) =>
    m.allocated >= quantity ? { ...m, allocated: m.allocated - quantity } : undefined,
  ship: (m, { quantity }) =>
    m.allocated >= quantity ? changed({ ...m, allocated: m.allocated - quantity }, -quantity) : undefined,
  transfer_out: (m, { quantity }) => (freeOf(m) >= quantity ? changed(m, -quantity) : undefined),
  damage: (m, { quantity }) => changed({ ...m, damaged: m.damaged + quantity }, -quantity),
  write_off: (m, { quantity }) =>
    m.damaged >= quantity ? { ...m, damaged: m.damaged - quantity } : undefined,
};

/** Units that are promised and not there. */
export const shortOf = (model: Balances) => Math.max(0, -freeOf(model));
