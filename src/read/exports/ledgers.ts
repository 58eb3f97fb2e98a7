import { exportErrors } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { moneyLedgers } from './money-ledgers.ts';
import { orderLedgers } from './order-ledgers.ts';
import { SALE_ENTRIES } from './sale-entries.ts';
import { sendingLedgers } from './sending-ledgers.ts';
import { stockLedgers } from './stock-ledgers.ts';
import { opinionLedgers } from './opinion-ledgers.ts';
import { trailLedgers } from './trail-ledgers.ts';

export const LEDGERS: readonly Ledger[] = [
  ...orderLedgers,
  ...moneyLedgers,
  ...stockLedgers,
  ...sendingLedgers,
  SALE_ENTRIES,
  ...opinionLedgers,
  ...trailLedgers,
];

export function ledgerNamed(name: string): Ledger {
  const found = LEDGERS.find((ledger) => ledger.name === name);
  if (!found) throw exportErrors.ledger_unknown({ ledger: name });
  return found;
}
