import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Basket, Candidate } from './basket.ts';
import { aCandidate, aLine, someFacts } from './factory.ts';
import { priceBasket } from './price.ts';
import type { Effect } from './promotion.ts';

const aBasket = (facts: Partial<Basket> = {}): Basket => ({
  currency: 'EUR',
  lines: [aLine()],
  places: ['NL'],
  codes: [],
  postageMinor: undefined,
  ...facts,
});
const lines = (...prices: [unitPriceMinor: number, quantity?: number][]) =>
  prices.map(([unitPriceMinor, quantity = 1]) => aLine({ unitPriceMinor, quantity }));
const offOf = (effect: Effect, basket: Basket, facts: Partial<Candidate> = {}) =>
  priceBasket(
    basket,
    someFacts({ promotions: [aCandidate({ effect, currency: 'EUR', ...facts })] }),
  ).lines.map(({ discountMinor }) => discountMinor);

describe('tax', () => {
  test('is in a price, or comes on top of it, and postage has it too', () => {
    const basket = aBasket({ lines: lines([1210, 2]), postageMinor: 495 });
    expect(priceBasket(basket, someFacts())).toMatchObject({
      lines: [{ grossMinor: 2420, taxMinor: 420, netMinor: 2000, taxRate: 0.21 }],
      postage: { taxMinor: 86, netMinor: 409 },
      taxMinor: 506,
      totalMinor: 2915,
    });
    expect(priceBasket(basket, someFacts({ isTaxIncluded: false }))).toMatchObject({
      lines: [{ taxMinor: 508, netMinor: 2420 }],
      postage: { taxMinor: 104, netMinor: 495 },
      totalMinor: 3527,
    });
  });

  test('is the narrowest place’s, the category’s or else the standard one, and none where no rate is known', () => {
    const rates = [
      { place: 'NL', category: 'standard', name: 'VAT', rate: 0.21 },
      { place: 'NL', category: 'books', name: 'VAT', rate: 0.09 },
      { place: 'x-island', category: 'standard', name: 'VAT', rate: 0.1 },
    ];
    const rateOf = (taxCategory: string, places: string[]) =>
      priceBasket(aBasket({ lines: [aLine({ taxCategory })], places }), someFacts({ rates })).lines[0]
        ?.taxRate;
    expect(rateOf('books', ['NL'])).toBe(0.09);
    expect(rateOf('toys', ['NL'])).toBe(0.21);
    expect(rateOf('books', ['x-island', 'NL'])).toBe(0.1);
    expect(rateOf('books', ['US'])).toBe(0);
  });

  test('is rounded half to even, on each line by itself', () => {
    const facts = someFacts({
      isTaxIncluded: false,
      rates: [{ place: 'NL', category: 'standard', name: 'VAT', rate: 0.25 }],
    });
    expect(
      priceBasket(aBasket({ lines: lines([2], [6], [10]) }), facts).lines.map(({ taxMinor }) => taxMinor),
    ).toEqual([0, 2, 2]);
  });
});

describe('a discount', () => {
  test.for<[string, Effect, number[]]>([
    ['of a percentage is of each line', { kind: 'percent_off', basisPoints: 1250 }, [125, 250, 38]],
    [
      'of an amount is spread by worth',
      { kind: 'amount_off', amountMinor: 331, per: 'order' },
      [100, 201, 30],
    ],
    [
      'of more than the basket takes it all, and no more',
      { kind: 'amount_off', amountMinor: 9999, per: 'order' },
      [1000, 2000, 300],
    ],
    ['of an amount for each unit', { kind: 'amount_off', amountMinor: 400, per: 'unit' }, [400, 800, 300]],
    ['of the cheapest of three', { kind: 'buy_get', buy: 2, get: 1, basisPoints: 10_000 }, [0, 0, 300]],
    ['of half the cheapest of two', { kind: 'buy_get', buy: 1, get: 1, basisPoints: 5000 }, [500, 0, 150]],
    ['of the postage leaves the goods', { kind: 'free_shipping' }, [0, 0, 0]],
  ])('%s', ([, effect, expected]) => {
    expect(offOf(effect, aBasket({ lines: lines([1000], [1000, 2], [300]), postageMinor: 495 }))).toEqual(
      expected,
    );
  });

  test('is for its products, categories and brands', () => {
    const basket = aBasket({
      lines: [
        aLine({ productId: 'p' }),
        aLine({ categoryIds: ['top', 'c'] }),
        aLine({ brandId: 'b' }),
        aLine(),
      ],
    });
    const effect: Effect = { kind: 'percent_off', basisPoints: 1000 };
    expect(offOf(effect, basket, { productIds: ['p'], categoryIds: ['c'], brandIds: ['b'] })).toEqual([
      100, 100, 100, 0,
    ]);
  });

  test('works by its code and says why it does not', () => {
    const stateOf = (facts: Partial<Candidate>, basket: Partial<Basket> = {}) =>
      priceBasket(
        aBasket({ codes: ['TEN'], ...basket }),
        someFacts({ promotions: [aCandidate({ code: 'TEN', ...facts })] }),
      ).codes[0]?.refusal;
    expect(stateOf({})).toBe(null);
    expect(stateOf({ code: 'ELEVEN' })).toBe('unknown');
    expect(stateOf({ hasBegun: false })).toBe('not_begun');
    expect(stateOf({ hasEnded: true })).toBe('ended');
    expect(stateOf({ isForMembers: true })).toBe('members_only');
    expect(stateOf({ usesLeft: 0 })).toBe('used_up');
    expect(stateOf({ budgetLeftMinor: 99 })).toBe('used_up');
    expect(stateOf({ budgetLeftMinor: 100 })).toBe(null);
    expect(stateOf({ currency: 'GBP' })).toBe('not_for_this_basket');
    expect(stateOf({ regionCodes: ['BE'] })).toBe('not_for_this_basket');
    expect(stateOf({ currency: 'EUR', minGoodsMinor: 1001 })).toBe('not_for_this_basket');
    expect(stateOf({ productIds: ['another'] })).toBe('not_for_this_basket');
    expect(stateOf({ effect: { kind: 'buy_get', buy: 1, get: 1, basisPoints: 10_000 } })).toBe(
      'not_for_this_basket',
    );
    expect(stateOf({ effect: { kind: 'free_shipping' } })).toBe(null);
    expect(stateOf({ effect: { kind: 'free_shipping' } }, { postageMinor: 0 })).toBe('not_for_this_basket');
  });
});

describe('of promotions', () => {
  const ten = aCandidate({ id: 'a', code: 'TEN' });
  const five = aCandidate({ id: 'b', code: 'FIVE', effect: { kind: 'percent_off', basisPoints: 500 } });
  const names = (promotions: Candidate[], basket: Partial<Basket> = {}) =>
    priceBasket(aBasket(basket), someFacts({ promotions })).discounts.map(({ promotionId, amountMinor }) => [
      promotionId,
      amountMinor,
    ]);

  test('that exclude each other the buyer gets the best, in whatever order they come', () => {
    expect(names([ten, five])).toEqual([['a', 100]]);
    expect(names([five, ten])).toEqual([['a', 100]]);
    const { codes } = priceBasket(
      aBasket({ codes: ['FIVE', 'TEN'] }),
      someFacts({ promotions: [five, ten] }),
    );
    expect(codes.map(({ refusal }) => refusal)).toEqual(['another_is_better', null]);
  });

  test('equally good ones the higher priority decides, then the id', () => {
    const twin = { ...ten, id: 'c' };
    expect(names([twin, ten])).toEqual([['a', 100]]);
    expect(names([{ ...twin, priority: 1 }, ten])).toEqual([['c', 100]]);
  });

  test('that combine each takes of what is left, the higher priority first, and together they may beat a larger one', () => {
    const combined = [
      { ...five, combination: 'spring', priority: 1 },
      {
        ...aCandidate({ id: 'd', combination: 'spring' }),
        effect: { kind: 'amount_off', amountMinor: 60, per: 'order' } as const,
      },
    ];
    expect(names([...combined, ten])).toEqual([
      ['b', 50],
      ['d', 60],
    ]);
    expect(
      names([...combined, { ...ten, effect: { kind: 'percent_off', basisPoints: 1101 } }], {
        lines: lines([10_000]),
      }),
    ).toEqual([['a', 1101]]);
  });

  test('one whose budget does not reach is left out, and the others go on', () => {
    const poor = { ...five, combination: 'spring', budgetLeftMinor: 44 };
    expect(names([poor, { ...ten, combination: 'spring' }])).toEqual([['a', 100]]);
  });
});

const effect = fc.oneof(
  fc.record({ kind: fc.constant('percent_off' as const), basisPoints: fc.integer({ min: 1, max: 10_000 }) }),
  fc.record({
    kind: fc.constant('amount_off' as const),
    amountMinor: fc.integer({ min: 1, max: 1_000_000 }),
    per: fc.constantFrom('order' as const, 'unit' as const),
  }),
  fc.record({
    kind: fc.constant('buy_get' as const),
    buy: fc.integer({ min: 1, max: 4 }),
    get: fc.integer({ min: 1, max: 3 }),
    basisPoints: fc.integer({ min: 1, max: 10_000 }),
  }),
  fc.record({ kind: fc.constant('free_shipping' as const) }),
);
const line = fc.record({
  quantity: fc.integer({ min: 1, max: 99 }),
  unitPriceMinor: fc.nat(5_000_000),
  brandId: fc.constantFrom('b', null),
});
const promotion = fc.record({
  effect,
  combination: fc.constantFrom('x', 'y', null),
  priority: fc.integer({ min: -2, max: 2 }),
  brandIds: fc.constantFrom([], ['b']),
});

/** Whether the tax is what the rate makes of the amount, to the nearest minor unit and between two to the even one. */
function isHalfEven(taxMinor: number, ofMinor: number, rate: number, isTaxIncluded: boolean): boolean {
  const parts = BigInt(Math.round(rate * 100_000));
  const whole = isTaxIncluded ? 100_000n + parts : 100_000n;
  const off = 2n * (BigInt(taxMinor) * whole - BigInt(ofMinor) * parts);
  const distance = off < 0n ? -off : off;
  return distance < whole || (distance === whole && taxMinor % 2 === 0);
}

test('whatever applies, the lines add up to the total, none is below nothing, and the order of promotions is no matter', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 8 }),
      fc.array(promotion, { maxLength: 6 }),
      fc.record({
        postageMinor: fc.nat(5000),
        rate: fc.constantFrom(0, 0.081, 0.21, 0.25),
        isTaxIncluded: fc.boolean(),
      }),
      // Decimals: none, two, three. Amounts are minor units, so what they share is that none may make a fraction.
      fc.constantFrom('JPY', 'EUR', 'KWD'),
      (parts, offers, { postageMinor, rate, isTaxIncluded }, currency) => {
        const promotions = offers.map((offer, index) => aCandidate({ ...offer, id: `p${index}`, currency }));
        const basket = aBasket({ currency, lines: parts.map((part) => aLine(part)), postageMinor });
        const facts = someFacts({
          promotions,
          isTaxIncluded,
          rates: [{ place: 'NL', category: 'standard', name: 'VAT', rate }],
        });
        const priced = priceBasket(basket, facts);
        const all = [...priced.lines, priced.postage];
        expect(priced.totalMinor).toBe(
          all.reduce((sum, { netMinor, taxMinor }) => sum + netMinor + taxMinor, 0),
        );
        expect(all.reduce((sum, { discountMinor }) => sum + discountMinor, 0)).toBe(
          priced.discounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
        );
        for (const { grossMinor, discountMinor, netMinor, taxMinor } of all) {
          expect(Math.min(discountMinor, netMinor, taxMinor)).toBeGreaterThanOrEqual(0);
          expect(netMinor + (isTaxIncluded ? taxMinor : 0)).toBe(grossMinor - discountMinor);
          expect([discountMinor, netMinor, taxMinor].every(Number.isSafeInteger)).toBe(true);
          expect(isHalfEven(taxMinor, netMinor + (isTaxIncluded ? taxMinor : 0), rate, isTaxIncluded)).toBe(
            true,
          );
        }
        expect(priceBasket(basket, { ...facts, promotions: promotions.toReversed() })).toEqual(priced);
      },
    ),
  );
});
