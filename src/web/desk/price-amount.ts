import { PRICE_MAX_MINOR } from '#modules/catalog/index.ts';
import { decimalsOf, parseDecimal } from '#platform/money.ts';
import { t } from '../messages.ts';
import { decimalText } from '#platform/csv.ts';

export type TypedAmount = { minor: number; why?: never } | { minor?: never; why: string };

const SHOWN_MAX = 40;
const EXAMPLE_MINOR = 1250;

/** A price as people and sheets write it, "12.50" or "12,50"; or what is wrong with it, in words. */
export function priceIn(text: string, currency: string): TypedAmount {
  const decimals = decimalsOf(currency);
  const plain = text.trim().replace(/^([^.,]*),([^.,]*)$/, '$1.$2');
  const [, sign, fraction = ''] = /^([+-]?)\d+(?:\.(\d+))?$/.exec(plain) ?? [];
  const shown = { text: text.trim().slice(0, SHOWN_MAX) };
  if (sign === undefined) {
    const example = decimalText(EXAMPLE_MINOR, currency);
    return { why: t('desk.prices.wrong.amount', { ...shown, example }) };
  }
  if (sign === '-') return { why: t('desk.prices.wrong.negative', shown) };
  if (fraction.length > decimals) {
    return {
      why:
        decimals === 0
          ? t('desk.prices.wrong.decimals.none', { ...shown, currency })
          : t('desk.prices.wrong.decimals', { ...shown, currency, decimals }),
    };
  }
  const minor = parseDecimal(plain, decimals);
  if (minor === undefined || minor > PRICE_MAX_MINOR) return { why: t('desk.prices.wrong.too_much', shown) };
  return { minor: Number(minor) };
}
