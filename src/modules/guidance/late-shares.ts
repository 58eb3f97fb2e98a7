/** How many were to come, and how many of them came late. */
export interface Delays {
  due: number;
  late: number;
}

/** What is looked at together, week by week. */
export interface DelayWeeks {
  key: string;
  before: readonly Delays[];
  after: readonly Delays[];
}

export interface LateComparison {
  observed: number;
  expected: number;
  /** In four of five cases what was to be expected lies between. */
  between: { low: number; high: number };
  chance: number;
}

const FOUR_OF_FIVE = 1.281_552;
const CHANCE_LEAST = 1e-9;

/**
 * How many would have come late after a day, had the share of late ones gone the way in which it went for the others: a difference in
 * differences of shares, taken as ratios, since weather doubles a hundredth and a fifth alike. Late ones come in heaps: how far weeks
 * scatter more than chance lets them (Pearson) widens what follows.
 */
export function compareLateShares(treated: DelayWeeks, others: readonly DelayWeeks[]): LateComparison {
  const [was, is] = [totalOf(treated.before), totalOf(treated.after)];
  const beside = {
    was: totalOf(others.flatMap(({ before }) => before)),
    is: totalOf(others.flatMap(({ after }) => after)),
  };
  const share = Math.min(1, (shareOf(was) * shareOf(beside.is)) / shareOf(beside.was));
  const expected = share * is.due;
  const heaped = scatter([treated, ...others]);
  const ofExpected = heaped * (errorOf(was) + errorOf(beside.was) + errorOf(beside.is));
  const spread = Math.sqrt(ofExpected);
  const z =
    Math.log(shareOf(is) / share) / Math.sqrt(ofExpected + heaped * errorOf({ due: is.due, late: expected }));
  return {
    observed: is.late,
    expected,
    between: {
      low: expected * Math.exp(-FOUR_OF_FIVE * spread),
      high: Math.min(is.due, expected * Math.exp(FOUR_OF_FIVE * spread)),
    },
    chance: Math.max(CHANCE_LEAST, bothTails(z)),
  };
}

export const totalOf = (all: readonly Delays[]): Delays => ({
  due: all.reduce((sum, { due }) => sum + due, 0),
  late: all.reduce((sum, { late }) => sum + late, 0),
});

/** Half a late one more than were seen: that none was late so far does not say that none ever is. */
const shareOf = ({ due, late }: Delays) => (late + 0.5) / (due + 1);

/** Of the logarithm of a share, squared. */
const errorOf = ({ due, late }: Delays) => Math.max(0, 1 / (late + 0.5) - 1 / (due + 1));

/** How much more weeks differ within a period than they would by chance alone; never less than that. */
function scatter(all: readonly DelayWeeks[]): number {
  let squares = 0;
  let free = 0;
  for (const weeks of all.flatMap(({ before, after }) => [before, after])) {
    const usual = shareOf(totalOf(weeks));
    const known = weeks.filter(({ due }) => due > 0);
    for (const { due, late } of known) squares += (late - due * usual) ** 2 / (due * usual * (1 - usual));
    free += Math.max(0, known.length - 1);
  }
  return free === 0 ? 1 : Math.max(1, squares / free);
}

/** How likely something as far off as `z` is, to either side: Abramowitz & Stegun 26.2.17, to 1e-7. */
function bothTails(z: number): number {
  const far = Math.abs(z);
  const t = 1 / (1 + 0.231_641_9 * far);
  const tail = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_53].reduce(
    (sum, factor) => sum * t + factor,
    0,
  );
  return Math.min(1, (2 * t * tail * Math.exp((-far * far) / 2)) / Math.sqrt(2 * Math.PI));
}
