import { textsOf } from '#platform/texts.ts';

/** What a customer did for others in 365 days, and what others had of it. */
export interface AdvocacyCounts {
  reviews: number;
  answers: number;
  /** Looks and posts that everybody may see. */
  made: number;
  /** Pages that they handed on. */
  shared: number;
  /** Others who said that a review or an answer helped them. */
  helpful: number;
  /** What others saved from their boards. */
  saved: number;
  /** Orders of others, who opened something of theirs in the week before. */
  brought: number;
}

export const ADVOCACY_POINTS: Readonly<AdvocacyCounts> = {
  reviews: 3,
  answers: 2,
  made: 2,
  shared: 1,
  helpful: 1,
  saved: 1,
  brought: 5,
};
const VOICE_MIN = 5;
const ADVOCATE_MIN = 10;

export const ADVOCACY_SEGMENTS = ['advocate', 'voice'] as const;
export type AdvocacySegment = (typeof ADVOCACY_SEGMENTS)[number];

export interface Advocacy extends AdvocacyCounts {
  points: number;
  segment: AdvocacySegment | null;
}

export const NO_ADVOCACY: Readonly<AdvocacyCounts> = {
  reviews: 0,
  answers: 0,
  made: 0,
  shared: 0,
  helpful: 0,
  saved: 0,
  brought: 0,
};

/** An advocate is who others have something of; who only speaks has a voice. Undefined where there is nothing at all. */
export function advocacyOf(counts: AdvocacyCounts): Advocacy | undefined {
  const { reviews, answers, made, shared, helpful, saved, brought } = counts;
  const each = ADVOCACY_POINTS;
  const points =
    reviews * each.reviews +
    answers * each.answers +
    made * each.made +
    shared * each.shared +
    helpful * each.helpful +
    saved * each.saved +
    brought * each.brought;
  if (points === 0) return undefined;
  const isHeard = helpful + saved + brought > 0;
  if (points >= ADVOCATE_MIN && isHeard) return { ...counts, points, segment: 'advocate' };
  return { ...counts, points, segment: points >= VOICE_MIN ? 'voice' : null };
}

const t = textsOf({
  advocate: 'Advocate',
  voice: 'Has a voice',
  none: 'Little of it yet',
  counts:
    'In 365 days: reviews {reviews}, answers {answers}, looks and posts {made}, pages handed on {shared}; others who were helped {helpful}, saves by others {saved}, orders by others after opening one of these {brought}. {points} points.',
  advocate_why: 'At least {least} points, and others had something of it.',
  voice_why: 'At least {least} points; {advocate} and somebody who had something of it make an advocate.',
  none_why: 'Below {least} points.',
} as const);

export const advocacyTitle = (segment: AdvocacySegment | null): string => t(segment ?? 'none');

/** Why a customer is what they are, in words and with their own numbers. */
export function advocacyReason({ segment, ...counts }: Advocacy): string {
  const why =
    segment === 'advocate'
      ? t('advocate_why', { least: ADVOCATE_MIN })
      : segment === 'voice'
        ? t('voice_why', { least: VOICE_MIN, advocate: ADVOCATE_MIN })
        : t('none_why', { least: VOICE_MIN });
  return `${t('counts', { ...counts })} ${why}`;
}
