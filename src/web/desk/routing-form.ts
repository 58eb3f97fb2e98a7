import { type Static, Type } from 'typebox';
import type { RuleSet } from '#modules/routing/index.ts';
import { decimalsOf, parseDecimal } from '#platform/money.ts';
import { exactly } from '#platform/schema.ts';
import { t } from '../messages.ts';
import { Text } from '../page.ts';

const KINDS = ['store', 'warehouse', 'supplier'] as const;

export const RulesBody = exactly({
  /** The version that was on the page: nobody else's change is overwritten unseen. */
  over: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
  note: Text(200),
  groups: Text(10_000),
  kinds: Type.Array(Type.Enum([...KINDS]), { maxItems: KINDS.length, uniqueItems: true, default: [] }),
  locations: Text(10_000),
  not_locations: Text(10_000),
  within_km: Text(20),
  leaving_within_days: Text(20),
  costing_at_most: Text(20),
  leaving_units: Text(20),
  with_capacity_today: Type.Optional(Type.Literal('yes')),
  promise: Text(20),
  cost: Text(20),
  distance: Text(20),
  load: Text(20),
  split: Type.Enum(['never', 'between_lines', 'within_line']),
  locations_max: Text(20),
  parcel_base: Text(20),
  parcel_km: Text(20),
  accept_hours: Text(20),
  same_day_km: Text(20),
  collect_days: Text(20),
});
export type TypedRules = Static<typeof RulesBody>;
export type RuleErrors = Partial<Record<keyof TypedRules, string>>;

/** What a rule may name: it can't keep what is not there. */
export interface Named {
  codes: ReadonlySet<string>;
  groups: ReadonlySet<string>;
  currency: string;
}

/** A kilometre costs fractions of a cent: this many more decimals than an amount has. */
const KM_DECIMALS = 3;
const KM_PARTS = 10 ** KM_DECIMALS;

/** The fields as they stand for a rule set. */
export function typedOf(
  { filters, weights, split, locationsMax, parcel, acceptWithinHours, sameDayKm, collectWithinDays }: RuleSet,
  over: number,
  currency: string,
): TypedRules {
  const decimals = decimalsOf(currency);
  const typed: TypedRules = {
    over,
    note: '',
    groups: '',
    kinds: [],
    locations: '',
    not_locations: '',
    within_km: '',
    leaving_within_days: '',
    costing_at_most: '',
    leaving_units: '',
    promise: String(weights.promise),
    cost: String(weights.cost),
    distance: String(weights.distance),
    load: String(weights.load),
    split,
    locations_max: String(locationsMax),
    parcel_base: majorOf(parcel.baseMinor, decimals),
    parcel_km: majorOf(parcel.perKmMinor * KM_PARTS, decimals + KM_DECIMALS),
    accept_hours: String(acceptWithinHours ?? ''),
    same_day_km: String(sameDayKm ?? ''),
    collect_days: String(collectWithinDays ?? ''),
  };
  for (const filter of filters) {
    if (filter.keep === 'groups') typed.groups = filter.groups.join(', ');
    else if (filter.keep === 'kinds') typed.kinds = [...filter.kinds];
    else if (filter.keep === 'locations') typed.locations = filter.codes.join(', ');
    else if (filter.keep === 'not_locations') typed.not_locations = filter.codes.join(', ');
    else if (filter.keep === 'within_km') typed.within_km = String(filter.km);
    else if (filter.keep === 'with_capacity_today') typed.with_capacity_today = 'yes';
    else if (filter.keep === 'leaving_within_days') typed.leaving_within_days = String(filter.days);
    else if (filter.keep === 'costing_at_most') typed.costing_at_most = majorOf(filter.minor, decimals);
    else typed.leaving_units = String(filter.units);
  }
  return typed;
}

const majorOf = (units: number, decimals: number) =>
  (Math.round(units) / 10 ** decimals).toFixed(decimals).replace(/(\.\d\d\d*?)0+$/, '$1');

/** The rules that were typed, or what is wrong with which field. */
export function rulesOf(
  typed: TypedRules,
  named: Named,
): { rules: RuleSet; errors?: never } | { rules?: never; errors: RuleErrors } {
  const errors: RuleErrors = {};
  const read = readerOf(typed, errors, decimalsOf(named.currency));
  const given = (field: Field, max: number) =>
    typed[field].trim() === '' ? undefined : read.units(field, 1, max);
  const acceptWithinHours = given('accept_hours', 720);
  const sameDayKm = given('same_day_km', 500);
  const collectWithinDays = given('collect_days', 90);
  const rules: RuleSet = {
    ...(acceptWithinHours !== undefined && { acceptWithinHours }),
    ...(sameDayKm !== undefined && { sameDayKm }),
    ...(collectWithinDays !== undefined && { collectWithinDays }),
    filters: filtersOf(typed, errors, named, read),
    weights: {
      promise: read.units('promise', 0, 100) ?? 0,
      cost: read.units('cost', 0, 100) ?? 0,
      distance: read.units('distance', 0, 100) ?? 0,
      load: read.units('load', 0, 100) ?? 0,
    },
    split: typed.split,
    locationsMax: read.units('locations_max', 1, 10) ?? 1,
    parcel: {
      baseMinor: read.amount('parcel_base', 1_000_000) ?? 0,
      perKmMinor: (read.amount('parcel_km', 1_000, KM_DECIMALS) ?? 0) / KM_PARTS,
    },
  };
  return Object.keys(errors).length > 0 ? { errors } : { rules };
}

type Field = Exclude<keyof TypedRules, 'over' | 'kinds' | 'with_capacity_today' | 'split'>;
type Reader = ReturnType<typeof readerOf>;

/** Reads figures out of fields, and writes down what is none. */
function readerOf(typed: TypedRules, errors: RuleErrors, decimals: number) {
  const number = (field: Field, scale: number, min: number, max: number): number | undefined => {
    const value = parseDecimal(typed[field], scale);
    const units = value === undefined ? Number.NaN : Number(value);
    if (units >= min * 10 ** scale && units <= max * 10 ** scale) return units;
    errors[field] = t('desk.routing.error.number', { min: String(min), max: String(max) });
    return undefined;
  };
  return {
    units: (field: Field, min: number, max: number) => number(field, 0, min, max),
    /** `maxMinor` is the largest amount in minor units; more decimals give parts of a minor unit. */
    amount: (field: Field, maxMinor: number, moreDecimals = 0) =>
      number(field, decimals + moreDecimals, 0, maxMinor / 10 ** decimals),
  };
}

/** A filter whose field is empty is not there. */
function filtersOf(
  typed: TypedRules,
  errors: RuleErrors,
  { codes, groups }: Named,
  read: Reader,
): RuleSet['filters'] {
  const filters: RuleSet['filters'] = [];
  const list = (field: 'groups' | 'locations' | 'not_locations', known: ReadonlySet<string>) => {
    const words = [...new Set(typed[field].split(/[\s,;]+/).filter(Boolean))];
    const unknown = words.filter((word) => !known.has(word));
    if (unknown.length > 0) {
      errors[field] = t('desk.routing.error.unknown', { codes: unknown.slice(0, 5).join(', ') });
    }
    return words.slice(0, 500);
  };
  const [ofGroups, only, without] = [
    list('groups', groups),
    list('locations', codes),
    list('not_locations', codes),
  ];
  if (ofGroups.length > 0) filters.push({ keep: 'groups', groups: ofGroups });
  if (typed.kinds.length > 0) filters.push({ keep: 'kinds', kinds: typed.kinds });
  if (only.length > 0) filters.push({ keep: 'locations', codes: only });
  if (without.length > 0) filters.push({ keep: 'not_locations', codes: without });
  if (typed.with_capacity_today) filters.push({ keep: 'with_capacity_today' });
  const figure = <T>(field: Field, value: () => T | undefined) =>
    typed[field].trim() === '' ? undefined : value();
  const km = figure('within_km', () => read.units('within_km', 1, 20_100));
  const days = figure('leaving_within_days', () => read.units('leaving_within_days', 0, 60));
  const minor = figure('costing_at_most', () => read.amount('costing_at_most', 1_000_000_000));
  const units = figure('leaving_units', () => read.units('leaving_units', 1, 1_000_000));
  if (km !== undefined) filters.push({ keep: 'within_km', km });
  if (days !== undefined) filters.push({ keep: 'leaving_within_days', days });
  if (minor !== undefined) filters.push({ keep: 'costing_at_most', minor });
  if (units !== undefined) filters.push({ keep: 'leaving_units', units });
  return filters;
}
