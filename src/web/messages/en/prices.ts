/** Currencies of the shop. */
export const prices = {
  'currency.label': 'Prices in',
  'currency.apply': 'Change',
  'price.not_in': 'Not sold in {currency}',
  'cart.not_in': 'Not sold in {currency}. Remove it, or choose another currency or another place.',
} as const;
