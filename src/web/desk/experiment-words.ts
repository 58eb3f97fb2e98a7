import { type Outcome, OUTCOMES, type Seam, SEAMS } from '#modules/experiments/index.ts';
import type { Format } from '../format.ts';
import { type PlainKey, say, t } from '../messages.ts';

const CHOICES = {
  list_order: {
    popularity: 'sort.popularity',
    newest: 'sort.newest',
    price: 'sort.price',
    '-price': 'sort.-price',
  },
  home_first: {
    popular: 'home.popular',
    makers: 'home.makers',
    newest: 'home.new',
  },
  product_people: {
    below: 'desk.experiments.choice.below',
    above: 'desk.experiments.choice.above',
  },
  routing_rules: { in_force: 'desk.experiments.choice.in_force' },
} as const satisfies { [Name in Seam]: Record<(typeof SEAMS)[Name]['choices'][number], PlainKey> };

/** What a choice is called; of rules on trial, their version. */
export function choiceName(seam: Seam, choice: string): string {
  const names: Record<string, PlainKey> = CHOICES[seam];
  const known = names[choice];
  return known ? say(known) : t('desk.experiments.choice.version', { version: choice });
}

export const outcomeName = (outcome: Outcome): string => say(`desk.experiments.outcome.${outcome}`);
export const seamName = (seam: Seam): string => say(`desk.experiments.seam.${seam}`);

const DECIMALS = 2;

/** The mean of an outcome: a share, an amount for each, or a number. */
export function meanText(
  { format, currency }: { format: Format; currency: string },
  outcome: Outcome,
  mean: number | null,
): string {
  if (mean === null) return '–';
  const { kind } = OUTCOMES[outcome];
  if (kind === 'money') return format.money(Math.round(mean), currency);
  return kind === 'share' ? percentOf(format, mean) : format.number(mean, DECIMALS);
}

/** "+1.2 %", "−0.4 %" */
export const changeText = (format: Format, change: number): string =>
  new Intl.NumberFormat(format.locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: 1,
  })
    .format(change)
    .replace('-', '−');

export const percentOf = (format: Format, share: number): string =>
  new Intl.NumberFormat(format.locale, { style: 'percent', maximumFractionDigits: DECIMALS }).format(share);
