import { type Static, Type } from 'typebox';
import {
  businessDayAt,
  type LedgerPart,
  SALE_METRIC_NAMES,
  type MetricName,
  type Period,
  type SalesQuestion,
  shiftDay,
} from '#modules/insight/index.ts';
import { exactly } from '#platform/schema.ts';

/** Days up to today; `all` is whatever the ledger has of the currency. */
export const PRESETS = ['7', '28', '90', '365', 'all'] as const;
type Preset = (typeof PRESETS)[number];
const DEFAULT_PRESET: Preset = '28';

const oneOf = <const Name extends string>(names: readonly Name[]) =>
  Type.Optional(Type.Unsafe<Name | ''>({ type: 'string', enum: [...names, ''] }));
// A form sends its empty fields too.
const Day = Type.Optional(Type.String({ pattern: '^([0-9]{4}-[0-9]{2}-[0-9]{2})?$' }));
const Word = Type.Optional(Type.String({ maxLength: 60 }));

/** The page's filters, as they stand in the address. */
export const MarketQuery = exactly({
  period: oneOf(PRESETS),
  from: Day,
  to: Day,
  currency: Type.Optional(Type.String({ pattern: '^([A-Z]{3})?$' })),
  metric: oneOf(SALE_METRIC_NAMES),
  source: Word,
  touchpoint: Word,
  region: Word,
  by: oneOf(['region', 'day']),
});
export type MarketQuery = Static<typeof MarketQuery>;

/** What the page shows: the filters, each with a value. */
export interface View {
  preset: Preset | undefined;
  period: Period;
  currency: string;
  metric: MetricName;
  source: string | undefined;
  touchpoint: string | undefined;
  region: string | undefined;
  by: 'region' | 'day';
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
  const chosen = datesOf(query);
  const preset = chosen ? undefined : query.period || usualPreset(today, part);
  return {
    preset,
    period: chosen ?? presetPeriod(preset ?? DEFAULT_PRESET, today, part),
    currency,
    metric: query.metric || 'net_sales',
    source: query.source || undefined,
    touchpoint: query.touchpoint || undefined,
    region: query.region || undefined,
    by: query.by || 'region',
    part,
  };
}

/** The dates of the form, the earlier one first whichever way they were typed; undefined when one is no date. */
function datesOf({ from, to }: MarketQuery): Period | undefined {
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

/** The question behind the page; a drill-down by region, day or the diagnoses keeps all its other filters. */
export function questionOf(
  view: View,
  by: SalesQuestion['by'],
  metrics: readonly MetricName[],
): SalesQuestion {
  const { period, currency, source, touchpoint, region } = view;
  return { ...period, by, metrics, currency, source, touchpoint, region, compare: true };
}

type Change = Partial<Record<keyof MarketQuery, string | undefined>>;

/** The page's address with some filters changed; what is as usual is left out of it. */
export function hrefOf(view: View, change: Change = {}, path = '/desk/market'): string {
  const dates: Change = view.preset ? { period: view.preset } : view.period;
  // Choosing a preset lets the dates go, and the other way round.
  const period: Change = change.period
    ? { period: change.period }
    : { ...dates, ...pick(change, ['from', 'to']) };
  if (change.from) delete period.period;
  const { currency, metric, source, touchpoint, region, by } = view;
  const all: Change = {
    ...period,
    currency,
    metric,
    source,
    touchpoint,
    region,
    by,
    ...omit(change, ['period', 'from', 'to']),
  };
  const usual: Change = { metric: 'net_sales', by: 'region' };
  const entries = Object.entries(all).filter(
    (entry): entry is [keyof MarketQuery, string] =>
      !!entry[1] && usual[entry[0] as keyof MarketQuery] !== entry[1],
  );
  const search = new URLSearchParams(entries).toString();
  return search ? `${path}?${search}` : path;
}

const pick = (change: Change, names: (keyof MarketQuery)[]): Change =>
  Object.fromEntries(names.filter((name) => change[name] !== undefined).map((name) => [name, change[name]]));
const omit = (change: Change, names: (keyof MarketQuery)[]): Change =>
  Object.fromEntries(Object.entries(change).filter(([name]) => !names.includes(name as keyof MarketQuery)));
