export {
  noteSpend,
  type SpendLine,
  type SpendOutcome,
  type SpendRefusal,
  spendSeen,
  type StandingSpend,
} from './spend.ts';
export { spendBetween, spendReachesTo, spendWaitingSince } from './told-spend.ts';
