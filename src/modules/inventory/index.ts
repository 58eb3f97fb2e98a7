export { type Allocation, allocateEach } from './allocate-each.ts';
export {
  type Availability,
  availabilityBy,
  type AvailabilityFacts,
  availabilityFacts,
  availabilityOf,
} from './availability.ts';
export { inventoryErrors } from './errors.ts';
export { type ImportedLocation, importLocations, type Location, locations } from './locations.ts';
export { openingStock } from './opening-stock.ts';
export { ADJUSTMENT_REASONS, type Correction, correct } from './corrections.ts';
export { closePurchase, type Delivery, orderFromSupplier, type Purchase, receive } from './deliveries.ts';
export { comesOn, comesTo, type Later, laterOf } from './later.ts';
export { levelsOf, movementsOf, type StockLevel, type StockMovement } from './levels.ts';
export { lockLevels, type MovementLine, openLevels, post, stockAt, type StockLine } from './movement.ts';
export {
  LIST_CURSOR,
  purchaseById,
  type PurchaseLine,
  purchasesOf,
  type PurchaseSummary,
  transferById,
  type TransferLine,
  transfersOf,
  type TransferSummary,
} from './on-the-way.ts';
export { goodsDaysAt } from './goods-days.ts';
export {
  DATE_REASON_MAX,
  type DateChange,
  expectPurchase,
  movedDates,
  type MovedDate,
  type PurchaseDate,
  purchaseDatesOf,
} from './purchase-dates.ts';
export { type Incoming, incomingOf, positionAt, type StockPosition } from './position.ts';
export { type RanOut, ranOut } from './ran-out.ts';
export { reserve, allocateBeside, settle } from './reservations.ts';
export { keepBack } from './safety.ts';
export {
  dayOf,
  LEAD_DAYS_MAX,
  sellBy,
  type SellingRule,
  sellingRuleOf,
  type SellingState,
  UNITS_AHEAD_MAX,
  unreleased,
} from './selling-rules.ts';
export { type ShippingLocation, shippingLocations } from './shipping-locations.ts';
export { takeBack, type TakenBack } from './take-back.ts';
export { receiveTransfer, sendTransfer, type Transfer } from './transfers.ts';
export { lockRules, serveWaiting, stopWaiting, waitingElsewhere, waitingIn } from './waiting.ts';
export { type Miscount, miscounts, type PlaceFlow, unevenStock } from './uneven.ts';
export {
  movementsBetween,
  movementsReachTo,
  movementsWaitingSince,
  type ToldMovement,
} from './told-movements.ts';
