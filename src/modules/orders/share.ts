import type { LineCounts } from './cancelled.ts';

export interface Share {
  /** Without tax, and the tax on it. */
  netShareMinor: number;
  taxShareMinor: number;
}

/**
 * What units of a line cost that are let go or come back: rounded down over all that went so far, so that the last one
 * takes the rest, in whichever order and way they go.
 */
export function shareOf(line: LineCounts, quantity: number): Share {
  const gone = line.cancelled + line.returned + quantity;
  const upTo = (minor: number) => Number((BigInt(minor) * BigInt(gone)) / BigInt(line.ordered));
  const goneTaxMinor = line.cancelledTaxMinor + line.returnedTaxMinor;
  const goneNetMinor = line.cancelledNetMinor + line.returnedNetMinor;
  const paidShareMinor = upTo(line.netMinor + line.taxMinor) - goneNetMinor - goneTaxMinor;
  const taxShareMinor = upTo(line.taxMinor) - goneTaxMinor;
  return { netShareMinor: paidShareMinor - taxShareMinor, taxShareMinor };
}
