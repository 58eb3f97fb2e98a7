export { brokering } from './broker-again.ts';
export { brokerAllAgain } from './broker-waiting.ts';
export { handOver, makeReady, putBack } from './collect.ts';
export { collectionCode } from './collection-code.ts';
export { type CarrierDelays, carrierDelayDays, carrierDelays } from './carrier-delays.ts';
export { carrierNames, MANUAL } from './carriers.ts';
export { handOverAtCounter } from './counter.ts';
export { fulfilmentErrors } from './errors.ts';
export {
  type FulfilmentOrder,
  fulfilmentOrderById,
  type FulfilmentOrderSummary,
  fulfilmentOrdersOf,
} from './fulfilment-order.ts';
export { printLabels, printSlip } from './print.ts';
export { type RecordedPart, recordParts } from './record-parts.ts';
export { reject, REJECTION_REASONS, type RejectedLine } from './reject.ts';
export { ship, type ShipmentWish } from './ship.ts';
export { type Shipment, shipmentsOf } from './shipment.ts';
export { takeStep, WORKED_STATES } from './step.ts';
export { serviceBetween, serviceReachesTo, serviceWaitingSince } from './told-service.ts';
export { tryAgain } from './unfillable.ts';
