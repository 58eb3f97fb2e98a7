export { type HeldOrder, holdOrders, type OrderToSend } from './hold-orders.ts';
export { advise, advisedVariants } from './advice.ts';
export {
  addLine,
  addLines,
  type Cart,
  type CartLine,
  cartFor,
  cartOf,
  openCart,
  priceCartIn,
  removeLine,
  setQuantity,
} from './cart.ts';
export { type CancelWish, cancelUnits, mayCancel, useTimeZone } from './cancel.ts';
export { cancelledStockOf } from './cancelled-stock.ts';
export { cancelAsBuyer } from './cancel-as-buyer.ts';
export { addCode, removeCode } from './cart-codes.ts';
export { lookingAgain, type TakenMoney } from './checkout.ts';
export { followCheckouts } from './settle-payments.ts';
export { type Address, type OrderWish } from './draft.ts';
export { type DeliveryMethod, deliveryMethods, putDeliveryMethod } from './delivery-methods.ts';
export {
  cartAtCounter,
  type CounterBasket,
  type CounterDelivery,
  type CounterLine,
  postageOf,
  sellAtCounter,
} from './counter-sale.ts';
export {
  type DeliveryWay,
  deliveryWay,
  type PromisedOption,
  promisedOptions,
  sameDayOption,
  transitOf,
  waysOf,
} from './delivery.ts';
export { eraseBuyer } from './erase.ts';
export { returnReasonsOf } from './returned-reasons.ts';
export { cancellationErrors, counterErrors, ordersErrors } from './errors.ts';
export {
  cartOfOrder,
  guestCartOf,
  isBuyer,
  type Order,
  type OrderLine,
  type OrderPage,
  type OrderSummary,
  orderLinkInMail,
  orderOf,
  ordersOfMember,
  shownOf,
  readOrder,
} from './order.ts';
export {
  pastLineId,
  type PastLine,
  type PastOrder,
  type PastServing,
  type PastReturn,
  type PastReturnLine,
  recordOrders,
  recordReturns,
} from './past.ts';
export {
  type AskedAbout,
  askedAbout,
  askedAboutEach,
  knownOrders,
  ordersOfBuyer,
  returnedTo,
} from './asked-about.ts';
export { askForReceipt } from './receipt.ts';
export { orderOfReceipt, receiptCode } from './receipt-code.ts';
export { lastAddressOf } from './last-address.ts';
export { stillToCome } from './still-to-come.ts';
export { SERVE_COST_KINDS, type ServeCostKind } from './serve-cost.ts';
export { giveGoodsCostBack, noteGoodsCost } from './goods-cost.ts';
export { boughtGoods } from './received-goods.ts';
export { goodsCostsBetween, goodsCostsReachTo, goodsCostsWaitingSince } from './told-goods-costs.ts';
export { serveCostsBetween, serveCostsReachTo, serveCostsWaitingSince } from './told-serve-costs.ts';
export { cancelByStaff, sendReceiptAgain } from './staff-acts.ts';
export { comeBack, type PlacedOrder, placeOrder, type SentAway } from './place-order.ts';
export { linesLeft, noteSent, unitsLeft } from './shipped.ts';
export { chargeExchange, endExchange } from './exchange-end.ts';
export {
  exchange,
  type ExchangeQuote,
  type ExchangeWish,
  orderInExchange,
  quoteExchange,
} from './exchange.ts';
export { exchangeAtCounter, quoteExchangeAtCounter } from './exchange-at-counter.ts';
export { askedInExchange } from './exchange-links.ts';
export { resendClaim } from './resend.ts';
export { RETURN_WORKERS, returnAs, takeStepAs } from './return-as-buyer.ts';
export { placesOf as counterPlaces, type PricedAt, quoteOf } from './quote.ts';
export { returnErrors } from './return-errors.ts';
export {
  isMembers,
  requestReturn,
  type ReturnableLine,
  returnableNow,
  returnableOf,
  RETURN_REASONS,
  type ReturnWish,
} from './return-request.ts';
export { type ReturnRule, returnRules, setReturnRule } from './return-rules.ts';
export { type ReturnStep, takeReturnStep } from './return-step.ts';
export {
  type QueuedReturn,
  returnById,
  type ReturnRequest,
  returnsIn,
  returnsOf,
  returnsWaiting,
} from './returns.ts';
