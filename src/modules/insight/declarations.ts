import type { FactName, FACTS } from './facts.ts';

/** What a figure is measured in. Money is in the currency's minor unit; a share is between 0 and 1 as a rule. */
export const UNITS = ['money', 'count', 'share', 'number', 'days'] as const;
type Unit = (typeof UNITS)[number];

interface Told {
  title: string;
  /** What it says, in words that a shopkeeper would use. */
  definition: string;
  formula: string;
  unit: Unit;
}

/** Sums of a fact's measures, added and taken off. */
export interface Expression {
  fact: FactName;
  plus: readonly string[];
  minus: readonly string[];
  /** What is taken off it of other facts. */
  less?: readonly Expression[];
}

interface Additive extends Told {
  kind: 'additive';
  of: Expression;
}

/**
 * Its two sums are added up each on its own, and divided last: ratios are never averaged. They may be of different facts:
 * each is summed over its own ledger, so that nothing is counted for each row of the other.
 */
interface Ratio extends Told {
  kind: 'ratio';
  numerator: Expression;
  denominator: Expression;
  /** Sum of the squares of what the numerator adds up, one of each that the denominator counts: then there is a standard error. */
  squares?: Expression;
  /** What the quotient is taken so many times. */
  times?: number | 'days';
}

/** Added up over everything but time: at the end of each period, or on average over its days, each weighing the same. */
interface SemiAdditive extends Told {
  kind: 'semi_additive';
  of: Expression;
  overTime: 'closing' | 'average';
}

export type Metric = Additive | SemiAdditive | Ratio;

type MeasureOf<Name extends FactName> =
  | (keyof (typeof FACTS)[Name]['measures'] & string)
  | ((typeof FACTS)[Name] extends { positions: infer Positions } ? keyof Positions & string : never);
/** Sums of a fact's own measures: one it has not does not compile. */
export const expression =
  <Name extends FactName>(fact: Name) =>
  (plus: MeasureOf<Name>[], minus: MeasureOf<Name>[] = []): Expression => ({ fact, plus, minus });
