export { blockAccount, correctAccount } from './account-acts.ts';
export {
  type AccountEntry,
  accountById,
  accountEntries,
  creditsOfMember,
  giftCardBalance,
  giftCards,
  type KeptAccount,
} from './account-book.ts';
export { type Account, creditOf } from './accounts.ts';
export { correctFee, FEE_MINOR_MAX } from './fee-corrections.ts';
export { type FeeRate, feeRates, RATED_MEANS, type RatedMeans, setFeeRate } from './fee-rates.ts';
export { GIVE_DEFAULT_MINOR, type GiveLimit, giveLimits, setGiveLimit } from './give-limit.ts';
export { CASH } from './cash-provider.ts';
export { paymentsErrors } from './errors.ts';
export { EXTERNAL } from './external-provider.ts';
export { type CreditWish, holdParts } from './holds.ts';
export {
  type GoodsValue,
  goodsValueOf,
  letGoodsValueGo,
  payGoodsElsewhere,
  promiseGoodsValue,
} from './goods-value.ts';
export {
  capture,
  giveBack,
  moneyFacts,
  moneyOf,
  notePaidElsewhere,
  orderMoney,
  type OrderMoney,
} from './order-money.ts';
export {
  endAttempt,
  type FinalAnswer,
  find,
  openedPayment,
  openPayment,
  pay,
  settleAnswer,
  settledAnswer,
  spendHolds,
} from './payment.ts';
export { type AskedPayment, EXCHANGE, type PaymentAnswer, type PaymentProvider } from './provider.ts';
export { creditMember, giftCardBy, refundByHand } from './staff-acts.ts';
export {
  answerRefusal,
  type RefusalAnswer,
  type RefusedRefund,
  refusedRefundCount,
  refusedRefunds,
} from './refused-refunds.ts';
export { providerInUse } from './providers.ts';
export { answerTestPayment, testProvider } from './test-provider.ts';
