import type { DB } from './tables.ts';

export type Occasion = DB['satisfaction.question']['occasion'];
export type Scale = DB['satisfaction.question']['scale'];

export const OCCASIONS = ['purchase', 'delivery', 'pick_up', 'return', 'case'] as const satisfies Occasion[];
export const SCALES = ['csat', 'nps'] as const satisfies Scale[];

/** How content, in five steps; how likely to recommend, in eleven. */
export const RANGE = {
  csat: { lowest: 1, highest: 5 },
  nps: { lowest: 0, highest: 10 },
} as const satisfies Record<Scale, object>;
