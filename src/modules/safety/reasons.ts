import { safetyErrors } from './errors.ts';
import type { SafetyReason } from './tables.ts';

export type Reason = SafetyReason;

/** How much a report for it weighs: who may come to harm is looked after first. */
const WEIGHTS = {
  spam: 1,
  deceit: 2,
  insult: 1,
  hate: 3,
  violence: 3,
  sexual: 3,
  self_harm: 4,
  personal_data: 3,
  rights_of_others: 2,
  unlawful: 4,
  not_about_product: 1,
  not_own_experience: 1,
} as const satisfies Record<SafetyReason, number>;

/** Why something is reported or taken away, whatever its kind. A rating is no reason. */
export const REASONS = Object.keys(WEIGHTS) as readonly SafetyReason[];

const OF_PRODUCT_TALK: readonly SafetyReason[] = ['not_about_product', 'not_own_experience'];
const PRODUCT_TALK: readonly string[] = ['review', 'question', 'answer'];

/** The reasons that may be given for a thing of a kind. */
export const reasonsFor = (kind: string): readonly SafetyReason[] =>
  PRODUCT_TALK.includes(kind) ? REASONS : REASONS.filter((reason) => !OF_PRODUCT_TALK.includes(reason));

export function refuseOtherReason(kind: string, reason: SafetyReason): void {
  if (!reasonsFor(kind).includes(reason)) throw safetyErrors.reason_not_for_kind({ reason, kind });
}

export const weightOf = (reason: SafetyReason): number => WEIGHTS[reason];
