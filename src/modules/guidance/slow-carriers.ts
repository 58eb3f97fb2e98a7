import type { CarrierDelays } from '../fulfilment/index.ts';

/** A carrier that comes late in one country, beside the others there and beside itself elsewhere. */
export interface SlowCarrier extends CarrierDelays {
  /** Other carriers in the country. */
  othersDue: number;
  othersLate: number;
  /** The same carrier in other countries. */
  elsewhereDue: number;
  elsewhereLate: number;
  /** So many more came late than beside the slower of those two. */
  excess: number;
}

const LATE_LEAST = 10;
/** Fewer than that are no measure. */
const BESIDE_LEAST = 30;
const TIMES_LEAST = 2;
/** Of all that are looked at together. */
const CHANCE_MOST = 0.01;

/**
 * Which carriers are late where, more than chance makes of what is usual: twice as often at least as the others in that country and as
 * they are themselves in others, where either is known. Where all are late it is the weather, not one of them.
 */
export function slowCarriers(cells: readonly CarrierDelays[]): SlowCarrier[] {
  const known = cells.filter(({ late }) => late >= LATE_LEAST);
  return known
    .flatMap((cell) => {
      const others = totalOf(
        cells.filter((each) => each.countryCode === cell.countryCode && each.carrier !== cell.carrier),
      );
      const elsewhere = totalOf(
        cells.filter((each) => each.carrier === cell.carrier && each.countryCode !== cell.countryCode),
      );
      const shares = [others, elsewhere].filter(({ due }) => due >= BESIDE_LEAST).map(usualShare);
      if (shares.length === 0) return [];
      const usual = Math.max(...shares);
      const excess = Math.round(cell.late - usual * cell.due);
      const isSlow =
        cell.late >= TIMES_LEAST * usual * cell.due &&
        chanceOfAtLeast(cell.late, cell.due, usual) <= CHANCE_MOST / known.length;
      const beside = {
        othersDue: others.due,
        othersLate: others.late,
        elsewhereDue: elsewhere.due,
        elsewhereLate: elsewhere.late,
      };
      return isSlow && excess > 0 ? [{ ...cell, ...beside, excess }] : [];
    })
    .sort((a, b) => b.excess - a.excess || (a.carrier < b.carrier ? -1 : 1));
}

const totalOf = (cells: readonly CarrierDelays[]) => ({
  due: cells.reduce((sum, { due }) => sum + due, 0),
  late: cells.reduce((sum, { late }) => sum + late, 0),
});

/** Half a late one more than were seen: that none was late so far does not say that none ever is. */
const usualShare = ({ due, late }: { due: number; late: number }) => (late + 0.5) / (due + 1);

/** How likely so many or more of all are late by chance, each with the same share. */
export function chanceOfAtLeast(late: number, due: number, share: number): number {
  if (share >= 1 || late <= 0) return 1;
  let log = due * Math.log1p(-share);
  const odds = Math.log(share) - Math.log1p(-share);
  let sum = 0;
  for (let count = 0; count <= due; count++) {
    if (count >= late) sum += Math.exp(log);
    log += Math.log(due - count) - Math.log(count + 1) + odds;
  }
  return Math.min(1, sum);
}
