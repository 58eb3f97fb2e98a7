import { Type } from 'typebox';
import { defineEvent } from '#platform/events.ts';

const Id = Type.String({ format: 'uuid' });

/** A piece came, went, or is seen by others than before: who keeps something of it looks again. */
export const pieceChanged = defineEvent(
  'social.piece_changed.v1',
  Type.Object({
    pieceId: Id,
    kind: Type.String(),
    rootId: Id,
    state: Type.String(),
    isOpened: Type.Optional(Type.Boolean({ description: 'others see it, and all within, than before' })),
  }),
);

/** Fewer may see a root, and all within, than before: what could still be read by its address gets another. */
export const pieceClosed = defineEvent(
  'social.piece_closed.v1',
  Type.Object({ rootId: Id, kind: Type.String() }),
);

/** A picture came to a piece after it was made: of the page that it leads to, or drawn of what is in it. */
export const pictureCame = defineEvent('social.picture_came.v1', Type.Object({ pieceId: Id }));

/** How a member shows themselves, with a picture. */
export const profileChanged = defineEvent('social.profile_changed.v1', Type.Object({ memberId: Id }));
