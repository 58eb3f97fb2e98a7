import { Type } from 'typebox';
import { Id } from '#platform/schema.ts';
import { type Removal, REMOVAL_STATES } from '../appeals.ts';
import { REASONS } from '../reasons.ts';

export const Moment = Type.String({ format: 'date-time' });
export const MomentOrNone = Type.Union([Moment, Type.Null()]);
export const Reason = Type.Enum([...REASONS]);
export const Limit = Type.Integer({ minimum: 1, maximum: 50, default: 20 });
export const Next = Type.Union([Type.String(), Type.Null()], {
  description: 'for the next page; null on the last',
});
export const LogPaging = {
  limit: Limit,
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}_[0-9a-f-]{36}$' })),
};

export const RemovalLog = Type.Object({
  removals: Type.Array(
    Type.Object({
      id: Id,
      pieceId: Id,
      kind: Type.String(),
      reason: Reason,
      note: Type.String(),
      state: Type.Enum([...REMOVAL_STATES]),
      removedAt: Moment,
      appeal: Type.Union([Type.String(), Type.Null()]),
      appealedAt: MomentOrNone,
      decidedAt: MomentOrNone,
      words: Type.String({ description: 'what was taken away; empty once its author deleted it' }),
      isAppealable: Type.Boolean(),
    }),
  ),
  cursor: Next,
});

export const removalLog = ({ removals, cursor }: { removals: Removal[]; cursor: string | null }) => ({
  removals: removals.map(({ photoIds: _photoIds, ...removal }) => ({
    ...removal,
    removedAt: removal.removedAt.toISOString(),
    appealedAt: removal.appealedAt?.toISOString() ?? null,
    decidedAt: removal.decidedAt?.toISOString() ?? null,
  })),
  cursor,
});
