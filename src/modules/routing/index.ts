export { type Assignment, assign, assignmentsOf, withdraw } from './assignments.ts';
export type { WantedLine } from './broker.ts';
export { routingErrors } from './errors.ts';
export { type PickupRoute, pickupRoute, pickupRoutes } from './pickup.ts';
export { sameDayRoute } from './same-day.ts';
export { type Senders, sendersAt } from './senders.ts';
export { type DeliveryWindow, type Route, routeFor, routeOver, type TransitDays, windowOf } from './route.ts';
export { publishRules, ruleSets, rulesInForce, type StoredRuleSet } from './rule-sets.ts';
export { ACCEPT_HOURS, COLLECT_DAYS, RuleSet } from './rules.ts';
