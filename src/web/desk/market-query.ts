import { type Static, Type } from 'typebox';
import {
  type Against,
  bucketsOf,
  businessDayAt,
  dayCount,
  type LedgerPart,
  METRIC_NAMES,
  metricDimensions,
  type MetricName,
  type Period,
  shiftDay,
} from '#modules/insight/index.ts';
import { exactly } from '#platform/schema.ts';

/** Days up to today; `all` is whatever the ledger has of the currency. */
export const PRESETS = ['7', '28', '90', '365', 'all'] as const;
type Preset = (typeof PRESETS)[number];
const DEFAULT_PRESET: Preset = '28';

/** Every metric that can be split by region colours the map. */
export const MAP_METRICS = METRIC_NAMES.filter((name) => metricDimensions(name).includes('region'));

/** What a period is compared with: the one before, the same days a year earlier, or days that were chosen. */
export const COMPARISONS = ['previous', 'year', 'dates'] as const;
/** What the tones of the map say: the figure, or its change. */
export const COLOURS = ['value', 'change'] as const;
const DIAGNOSES = ['touchpoint'] as const;

const oneOf = <const Name extends string>(names: readonly Name[]) =>
  Type.Optional(Type.Unsafe<Name | ''>({ type: 'string', enum: [...names, ''] }));
// A form sends its empty fields too.
const Day = Type.Optional(Type.String({ pattern: '^([0-9]{4}-[0-9]{2}-[0-9]{2})?$' }));
const Word = Type.Optional(Type.String({ maxLength: 60 }));

/** The page's filters, as they stand in the address. */
const FILTERS = {
  period: oneOf(PRESETS),
  from: Day,
  to: Day,
  currency: Type.Optional(Type.String({ pattern: '^([A-Z]{3})?$' })),
  metric: oneOf(MAP_METRICS),
  source: Word,
  touchpoint: Word,
  region: Word,
  by: oneOf(['region', 'day']),
  compare: oneOf(COMPARISONS),
  before_from: Day,
  before_to: Day,
  colour: oneOf(COLOURS),
  step: Day,
  diagnose: oneOf(DIAGNOSES),
};
export const MarketQuery = exactly(FILTERS);
export type MarketQuery = Static<typeof MarketQuery>;
/** The same with the place in a list of documents. */
export const DocumentsQuery = exactly({
  ...FILTERS,
  after: Type.Optional(Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9a-f-]{36}$' })),
});

type Grain = 'day' | 'week' | 'month';

/** What the page shows: the filters, each with a value. */
export interface View {
  preset: Preset | undefined;
  period: Period;
  /** The first day of the step of the period that is shown; without one it is shown whole. */
  step: string | undefined;
  /** The step, or the whole period. */
  shown: Period;
  grain: Grain;
  currency: string;
  metric: MetricName;
  source: string | undefined;
  touchpoint: string | undefined;
  region: string | undefined;
  by: 'region' | 'day';
  compare: (typeof COMPARISONS)[number];
  /** The days that were chosen to compare with. */
  before: Period | undefined;
  colour: (typeof COLOURS)[number];
  diagnose: (typeof DIAGNOSES)[number] | undefined;
  /** What the ledger has of the currency. */
  part: LedgerPart | undefined;
}

interface Circumstances {
  parts: readonly LedgerPart[];
  /** The marketplace's own currency: shown first when nothing else is asked for. */
  currency: string;
  now: Date;
  timeZone: string;
}

export function viewOf(query: MarketQuery, { parts, currency: home, now, timeZone }: Circumstances): View {
  const known = parts.find((part) => part.currency === home) ?? parts[0];
  const currency = query.currency || known?.currency || home;
  const part = parts.find((each) => each.currency === currency);
  const today = businessDayAt(now, timeZone);
  const chosen = datesOf(query.from, query.to);
  const preset = chosen ? undefined : query.period || usualPreset(today, part);
  const period = chosen ?? presetPeriod(preset ?? DEFAULT_PRESET, today, part);
  const grain = grainOf(period);
  const step = stepsOf({ period, grain }).find(({ from }) => from === query.step);
  const before = query.compare === 'dates' ? datesOf(query.before_from, query.before_to) : undefined;
  return {
    preset,
    period,
    step: step?.from,
    shown: step ?? period,
    grain,
    currency,
    metric: query.metric || 'net_sales',
    source: query.source || undefined,
    touchpoint: query.touchpoint || undefined,
    region: query.region || undefined,
    by: query.by || 'region',
    compare: before ? 'dates' : query.compare === 'year' ? 'year' : 'previous',
    before,
    colour: query.colour || 'value',
    diagnose: query.diagnose || undefined,
    part,
  };
}

/** Two dates of a form, the earlier one first whichever way they were typed; undefined when one is no date. */
function datesOf(from: string | undefined, to: string | undefined): Period | undefined {
  if (!from || !to || Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(to))) return undefined;
  return from <= to ? { from, to } : { from: to, to: from };
}

/** What was imported from years ago is shown whole: the last weeks have none of it. */
function usualPreset(today: string, part: LedgerPart | undefined): Preset {
  return part && part.to < shiftDay(today, 1 - Number(DEFAULT_PRESET)) ? 'all' : DEFAULT_PRESET;
}

function presetPeriod(preset: Preset, today: string, part: LedgerPart | undefined): Period {
  if (preset !== 'all') return { from: shiftDay(today, 1 - Number(preset)), to: today };
  return part ? { from: part.from, to: part.to } : { from: today, to: today };
}

const DAY_STEPS_MAX = 31;
const WEEK_STEPS_MAX = 31;

/** As fine as a hand can still choose among. */
function grainOf(period: Period): Grain {
  const days = dayCount(period);
  if (days <= DAY_STEPS_MAX) return 'day';
  return days <= WEEK_STEPS_MAX * 7 ? 'week' : 'month';
}

/** The steps of the period; the first and the last may be parts of a week or a month. */
export function stepsOf({ period, grain }: Pick<View, 'period' | 'grain'>): Period[] {
  const buckets = bucketsOf(period, grain);
  return buckets.map((bucket, index) => {
    const next = buckets[index + 1];
    return {
      from: bucket < period.from ? period.from : bucket,
      to: next === undefined ? period.to : shiftDay(next, -1),
    };
  });
}

/** What the figures are compared with. Of a step it is the step that lies as far into the days that were chosen. */
export function againstOf({ compare, before, period, shown, step }: View): Against | undefined {
  if (compare !== 'dates' || !before) return compare === 'year' ? 'year' : 'previous';
  if (!step) return before;
  const from = shiftDay(before.from, dayCount({ from: period.from, to: shown.from }) - 1);
  const to = shiftDay(from, dayCount(shown) - 1);
  return from > before.to ? undefined : { from, to: to > before.to ? before.to : to };
}

/** An area's code begins with its country's. */
export const countryOf = (region: string): string => /^[A-Z]{2}/.exec(region)?.[0] ?? region;

type Change = Partial<Record<keyof MarketQuery, string | undefined>>;

const USUAL: Change = { metric: 'net_sales', by: 'region', compare: 'previous', colour: 'value' };

/** The page's address with some filters changed; what is as usual is left out of it. */
export function hrefOf(view: View, change: Change = {}, path = '/desk/market'): string {
  const dates: Change = view.preset ? { period: view.preset } : view.period;
  // Choosing a preset lets the dates go, and the other way round; another period has other steps.
  const period: Change = change.period
    ? { period: change.period }
    : { ...dates, ...pick(change, ['from', 'to']) };
  if (change.from) delete period.period;
  const isSame = !change.period && !change.from && !change.to;
  const { currency, metric, source, touchpoint, region, by, compare, before, colour, step, diagnose } = view;
  const all: Change = {
    ...period,
    currency,
    metric,
    source,
    touchpoint,
    region,
    by,
    compare,
    ...(before && { before_from: before.from, before_to: before.to }),
    colour,
    ...(isSame && { step }),
    diagnose,
    ...omit(change, ['period', 'from', 'to']),
  };
  if (all.compare !== 'dates') {
    delete all.before_from;
    delete all.before_to;
  }
  const entries = Object.entries(all).filter(
    (entry): entry is [keyof MarketQuery, string] =>
      !!entry[1] && USUAL[entry[0] as keyof MarketQuery] !== entry[1],
  );
  const search = new URLSearchParams(entries).toString();
  return search ? `${path}?${search}` : path;
}

const pick = (change: Change, names: (keyof MarketQuery)[]): Change =>
  Object.fromEntries(names.filter((name) => change[name] !== undefined).map((name) => [name, change[name]]));
const omit = (change: Change, names: (keyof MarketQuery)[]): Change =>
  Object.fromEntries(Object.entries(change).filter(([name]) => !names.includes(name as keyof MarketQuery)));
