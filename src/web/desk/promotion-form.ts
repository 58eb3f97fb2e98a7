import { type Static, Type } from 'typebox';
import { isCurrency, isPlaceCode, type Promotion, type PromotionTerms } from '#modules/pricing/index.ts';
import { exactly } from '#platform/schema.ts';
import { say, t } from '../messages.ts';
import { Text } from '../page.ts';
import { momentIn } from './local-moment.ts';
import { minorIn } from './stock-shell.tsx';
import { localOf, majorOf, percentIn, wholeIn, wordsIn } from './typed.ts';

export const KINDS = ['percent_off', 'amount_off', 'buy_get', 'free_shipping'] as const;
export const PER = ['order', 'unit'] as const;

export const PromotionBody = exactly({
  name: Text(200),
  code: Text(60),
  kind: Type.Enum([...KINDS]),
  percent: Text(20),
  amount: Text(30),
  per: Type.Enum([...PER]),
  buy: Text(10),
  get: Text(10),
  from: Text(30),
  to: Text(30),
  currency: Text(10),
  min_goods: Text(30),
  products: Text(10_000),
  categories: Text(10_000),
  brands: Text(10_000),
  regions: Text(2000),
  combination: Text(60),
  priority: Text(10),
  uses_max: Text(20),
  budget: Text(30),
  uses_per_member: Text(10),
});
export type TypedPromotion = Static<typeof PromotionBody>;
export type PromotionErrors = Partial<Record<keyof TypedPromotion, string>>;

/** The ids of what is named by slugs. */
export type SlugIds = Record<'products' | 'categories' | 'brands', ReadonlyMap<string, string>>;

export const blank = (now: Date, timeZone: string, currency: string): TypedPromotion => ({
  name: '',
  code: '',
  kind: 'percent_off',
  percent: '',
  amount: '',
  per: 'order',
  buy: '',
  get: '',
  from: localOf(now, timeZone),
  to: '',
  currency,
  min_goods: '',
  products: '',
  categories: '',
  brands: '',
  regions: '',
  combination: '',
  priority: '0',
  uses_max: '',
  budget: '',
  uses_per_member: '',
});

/** The fields as they stand for a promotion. `slugs` are by id. */
export function typedOf(promotion: Promotion, slugs: SlugIds, timeZone: string): TypedPromotion {
  const { effect, currency, validTo, minGoodsMinor, budgetMinor } = promotion;
  const money = (minor: number | null) => (minor && currency ? majorOf(minor, currency) : '');
  const text = (value: string | number | null) => (value === null ? '' : String(value));
  const named = (ids: readonly string[], of: keyof SlugIds) =>
    ids.map((id) => slugs[of].get(id) ?? id).join(', ');
  return {
    name: promotion.name,
    code: text(promotion.code),
    kind: effect.kind,
    percent: 'basisPoints' in effect ? String(effect.basisPoints / 100) : '',
    amount: effect.kind === 'amount_off' ? money(effect.amountMinor) : '',
    per: effect.kind === 'amount_off' ? effect.per : 'order',
    buy: effect.kind === 'buy_get' ? String(effect.buy) : '',
    get: effect.kind === 'buy_get' ? String(effect.get) : '',
    from: localOf(new Date(promotion.validFrom), timeZone),
    to: validTo === null ? '' : localOf(new Date(validTo), timeZone),
    currency: text(currency),
    min_goods: money(minGoodsMinor),
    products: named(promotion.productIds, 'products'),
    categories: named(promotion.categoryIds, 'categories'),
    brands: named(promotion.brandIds, 'brands'),
    regions: promotion.regionCodes.join(', '),
    combination: text(promotion.combination),
    priority: String(promotion.priority),
    uses_max: text(promotion.usesMax),
    budget: money(budgetMinor),
    uses_per_member: text(promotion.usesPerMember),
  };
}

/** The terms that were typed, or what is wrong with which field. */
export function termsOf(
  typed: TypedPromotion,
  ids: SlugIds,
  timeZone: string,
): { terms: PromotionTerms; errors?: never } | { terms?: never; errors: PromotionErrors } {
  const errors: PromotionErrors = {};
  const read = readerOf(typed, errors, timeZone);
  const code = typed.code.trim();
  const name = typed.name.trim();
  const combination = typed.combination.trim();
  if (name === '' || name.length > 120) errors.name = say('desk.promotions.error.name');
  if (code !== '' && !/^[A-Za-z0-9][A-Za-z0-9-]{1,39}$/.test(code))
    errors.code = say('desk.promotions.error.code');
  if (combination !== '' && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(combination)) {
    errors.combination = say('desk.promotions.error.word');
  }
  const regionCodes = wordsIn(typed.regions);
  if (regionCodes.some((region) => !isPlaceCode(region))) {
    errors.regions = say('desk.taxes.error.place');
  }
  const terms: PromotionTerms = {
    name,
    code: code === '' ? null : code,
    effect: effectOf(typed, read),
    currency: read.currency,
    minGoodsMinor: read.amount('min_goods') ?? 0,
    productIds: read.references('products', ids),
    categoryIds: read.references('categories', ids),
    brandIds: read.references('brands', ids),
    regionCodes,
    combination: combination === '' ? null : combination,
    priority: read.count('priority', -1000, 1000) ?? 0,
    validFrom: read.moment('from') ?? '',
    validTo: typed.to.trim() === '' ? null : (read.moment('to') ?? null),
    usesMax: read.optional('uses_max', 1_000_000_000),
    budgetMinor: read.amount('budget') ?? null,
    usesPerMember: read.optional('uses_per_member', 1000),
  };
  return Object.keys(errors).length > 0 ? { errors } : { terms };
}

type Reader = ReturnType<typeof readerOf>;

function effectOf(typed: TypedPromotion, read: Reader): PromotionTerms['effect'] {
  switch (typed.kind) {
    case 'percent_off':
      return { kind: typed.kind, basisPoints: read.percent() };
    case 'amount_off':
      return { kind: typed.kind, amountMinor: read.amountNeeded('amount'), per: typed.per };
    case 'buy_get': {
      const [buy, get] = [read.count('buy', 1, 99) ?? 1, read.count('get', 1, 99) ?? 1];
      return { kind: typed.kind, buy, get, basisPoints: read.percent() };
    }
    case 'free_shipping':
      return { kind: typed.kind };
    default:
      return typed.kind satisfies never;
  }
}

/** Reads values out of fields, and writes down what is none. */
function readerOf(typed: TypedPromotion, errors: PromotionErrors, timeZone: string) {
  const entered = typed.currency.trim().toUpperCase();
  const currency = entered === '' ? null : entered;
  if (currency !== null && !isCurrency(currency)) errors.currency = say('desk.promotions.error.currency');
  const count = (field: keyof TypedPromotion, min: number, max: number) => {
    const value = wholeIn(typed[field], min, max);
    if (value === undefined)
      errors[field] = t('desk.promotions.error.count', { min: String(min), max: String(max) });
    return value;
  };
  const amountNeeded = (field: 'amount' | 'min_goods' | 'budget'): number => {
    if (currency === null || errors.currency) {
      errors.currency ??= say('desk.promotions.error.currency_missing');
      return 1;
    }
    const minor = minorIn(typed[field], currency);
    if (minor === undefined || minor === 0) errors[field] = say('desk.promotions.error.amount');
    return minor ?? 1;
  };
  return {
    currency,
    count,
    amountNeeded,
    optional: (field: 'uses_max' | 'uses_per_member', max: number) =>
      typed[field].trim() === '' ? null : (count(field, 1, max) ?? null),
    amount: (field: 'min_goods' | 'budget') => (typed[field].trim() === '' ? undefined : amountNeeded(field)),
    percent: (): number => {
      const basisPoints = percentIn(typed.percent, 2);
      if (!basisPoints) errors.percent = say('desk.promotions.error.percent');
      return basisPoints ?? 1;
    },
    moment: (field: 'from' | 'to') => {
      const at = momentIn(typed[field], timeZone);
      if (!at) errors[field] = say(`desk.promotions.error.${field}`);
      return at?.toISOString();
    },
    references: (field: keyof SlugIds, ids: SlugIds): string[] => {
      const slugs = wordsIn(typed[field]);
      const unknown = slugs.filter((slug) => !ids[field].has(slug));
      if (unknown.length > 0) {
        errors[field] = t('desk.promotions.error.unknown', { names: unknown.slice(0, 5).join(', ') });
      }
      return slugs.flatMap((slug) => ids[field].get(slug) ?? []).slice(0, 500);
    },
  };
}
