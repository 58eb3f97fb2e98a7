import type { Row } from './rows.ts';

/** What became of rows of one kind: how many, how many units, and their money. */
export interface FateTally {
  fate: string;
  isTaken: boolean;
  rows: number;
  units: number;
  /** After each line was rounded to the minor unit. */
  minor: number;
  /** Before rounding, in ten-thousandths of the currency's unit. */
  exact: bigint;
}

/** Counts the fate of every row. */
export class FateTallies {
  readonly #taken = new Map<string, FateTally>();
  readonly #setAside = new Map<string, FateTally>();

  add(row: Row): void {
    const tally = row.isTaken ? this.#takenTally(row.isReturn, row.kind) : this.#setAsideTally(row.reason);
    tally.rows += 1;
    tally.units += row.quantity;
    tally.minor += row.netMinor;
    tally.exact += BigInt(row.exact);
  }

  /** Goods and returned goods first; what was set aside last. */
  list(): FateTally[] {
    return [...this.#taken.values(), ...this.#setAside.values()].sort(
      (a, b) =>
        Number(b.isTaken) - Number(a.isTaken) ||
        orderOf(a.fate) - orderOf(b.fate) ||
        (a.fate < b.fate ? -1 : 1),
    );
  }

  #takenTally(isReturn: boolean, kind: string): FateTally {
    const fate = isReturn ? `return of ${kind}` : kind;
    return this.#taken.get(fate) ?? started(this.#taken, fate, true);
  }

  #setAsideTally(reason: string): FateTally {
    return this.#setAside.get(reason) ?? started(this.#setAside, reason, false);
  }
}

function started(tallies: Map<string, FateTally>, fate: string, isTaken: boolean): FateTally {
  const tally = { fate, isTaken, rows: 0, units: 0, minor: 0, exact: 0n };
  tallies.set(fate, tally);
  return tally;
}

const KINDS = ['goods', 'postage', 'discount', 'fee', 'voucher', 'adjustment'];
const ORDER = [...KINDS, ...KINDS.map((kind) => `return of ${kind}`)];
const orderOf = (fate: string) => ORDER.indexOf(fate);

export const sumOf = (fates: readonly FateTally[]): Omit<FateTally, 'fate' | 'isTaken'> =>
  fates.reduce(
    (sum, { rows, units, minor, exact }) => ({
      rows: sum.rows + rows,
      units: sum.units + units,
      minor: sum.minor + minor,
      exact: sum.exact + exact,
    }),
    { rows: 0, units: 0, minor: 0, exact: 0n },
  );
