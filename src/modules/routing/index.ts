export {
  type Assignment,
  assign,
  assignEach,
  assigned,
  assignmentFacts,
  assignmentsOf,
  withdraw,
} from './assignments.ts';
export type { WantedLine } from './broker.ts';
export { leavesWithGoods, routeEvenLater, routeLater } from './later.ts';
export { routingErrors } from './errors.ts';
export { type PickupRoute, pickupRoute, pickupRoutes } from './pickup.ts';
export type { PastDemand, World } from './past-places.ts';
export { type Outcome, simulate } from './simulate.ts';
export { sameDayRoute } from './same-day.ts';
export { type Senders, sendersAt } from './senders.ts';
export { readAnew, routeEach, type RoutingMoment, routingMoment } from './route-each.ts';
export { type DeliveryWindow, type Route, routeFor, type TransitDays, windowOf } from './route.ts';
export { publishRules, ruleSets, rulesInForce, type StoredRuleSet, type Tried } from './rule-sets.ts';
export { ACCEPT_HOURS, COLLECT_DAYS, RuleSet } from './rules.ts';
