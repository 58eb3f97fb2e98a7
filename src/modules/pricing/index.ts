export {
  type Basket,
  type BasketLine,
  type CodeRefusal,
  type CodeState,
  type Discount,
  type Facts,
  priceBasket,
  type Priced,
  type PricedLine,
} from './basket.ts';
export { isCurrency } from './currencies.ts';
export { pricingErrors } from './errors.ts';
export { pricingFacts } from './facts.ts';
export { PlaceCode, type Promotion, PromotionCode, PromotionTerms } from './promotion.ts';
export { endPromotion, promotionOf, promotions, putPromotion } from './promotions.ts';
export { taxOn } from './tax.ts';
export { currenciesWithoutTax, type DatedRate, putTaxRate, showTax, taxRates } from './tax-rates.ts';
export { giveBackUses, takeUses } from './uses.ts';
