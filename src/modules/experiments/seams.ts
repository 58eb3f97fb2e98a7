/** What an experiment is about: browsers whose visitors agreed to be counted, or orders. */
export type Unit = 'visitor' | 'order';

/**
 * What can be tried, and how it can be: the first choice is what it is without an experiment. A seam is a place in the code
 * that asks which choice holds, so a new one is added there and here.
 */
export const SEAMS = {
  /** In which order a category's products stand where the visitor has chosen none. */
  list_order: { unit: 'visitor', choices: ['popularity', 'newest', 'price', '-price'] },
  /** What the front page shows first, below its picture and the categories. */
  home_first: { unit: 'visitor', choices: ['popular', 'makers', 'newest'] },
  /** Where on a product's page stands what people made and said of it. */
  product_people: { unit: 'visitor', choices: ['below', 'above'] },
  /** By which rules an order finds its locations: those in force, or the version of a rule set that is on trial. */
  routing_rules: { unit: 'order', choices: ['in_force'] },
} as const satisfies Record<string, { unit: Unit; choices: readonly [string, ...string[]] }>;

export type Seam = keyof typeof SEAMS;
export type VisitorSeam = {
  [Name in Seam]: (typeof SEAMS)[Name]['unit'] extends 'visitor' ? Name : never;
}[Seam];
export type Choice<Name extends Seam> = (typeof SEAMS)[Name]['choices'][number];
export const SEAM_NAMES = Object.keys(SEAMS) as Seam[];

export const isSeam = (name: string): name is Seam => Object.hasOwn(SEAMS, name);

interface Metric {
  unit: Unit;
  /** A share of the units, an amount of money for each, or a number for each. */
  kind: 'share' | 'money' | 'number';
  /** Which way it gets worse. */
  harm: 'falls' | 'rises';
}

/** What is measured of each unit, from the ledgers: `src/read/experiment-outcomes.ts` says how. */
export const OUTCOMES = {
  /** Of visitors: whether they ordered after they were first shown it, wherever that was. */
  conversion: { unit: 'visitor', kind: 'share', harm: 'falls' },
  /** Net sales of those orders, what came back or was cancelled taken off. */
  net_sales: { unit: 'visitor', kind: 'money', harm: 'falls' },
  /** What of them came back or was cancelled. */
  taken_back: { unit: 'visitor', kind: 'money', harm: 'rises' },
  /** Of orders: in how many parts they were first to be sent. */
  parts: { unit: 'order', kind: 'number', harm: 'rises' },
  /** Days from the order to the last one of its promise. */
  promise_days: { unit: 'order', kind: 'number', harm: 'rises' },
  /** Whether a part missed its first promise; of orders of which that is known. */
  late: { unit: 'order', kind: 'share', harm: 'rises' },
  /** Whether units of it were cancelled. */
  cancelled: { unit: 'order', kind: 'share', harm: 'rises' },
  /** What its shipments cost their locations, as the credits of fulfilment have it. */
  /** Whether it was first to be sent in more than one part. */
  split: { unit: 'order', kind: 'share', harm: 'rises' },
  /** Whether a location gave back units of it, with a reason. */
  rejected: { unit: 'order', kind: 'share', harm: 'rises' },
  cost_to_serve: { unit: 'order', kind: 'money', harm: 'rises' },
} as const satisfies Record<string, Metric>;

export type Outcome = keyof typeof OUTCOMES;
export const OUTCOME_NAMES = Object.keys(OUTCOMES) as Outcome[];
export const isOutcome = (name: string): name is Outcome => Object.hasOwn(OUTCOMES, name);
export const outcomesOf = (seam: Seam): Outcome[] =>
  OUTCOME_NAMES.filter((name) => OUTCOMES[name].unit === SEAMS[seam].unit);
