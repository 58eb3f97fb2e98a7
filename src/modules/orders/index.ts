export {
  addLine,
  type Cart,
  type CartLine,
  cartFor,
  cartOf,
  openCart,
  removeLine,
  setQuantity,
} from './cart.ts';
export type { Address, OrderWish } from './checkout.ts';
export { type DeliveryOption, deliveryOptions, promiseOf } from './delivery.ts';
export { ordersErrors } from './errors.ts';
export {
  type Order,
  type OrderLine,
  type OrderPage,
  type OrderSummary,
  orderOf,
  ordersOfAll,
  ordersOfMember,
} from './order.ts';
export {
  type PastLine,
  type PastOrder,
  type PastReturn,
  type PastReturnLine,
  pastLineId,
  recordOrders,
  recordReturns,
} from './past.ts';
export { type PlacedOrder, placeOrder } from './place-order.ts';
export { TEST_TOKENS } from './test-provider.ts';
