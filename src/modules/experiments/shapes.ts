import { Type } from 'typebox';
import type { Access } from '#platform/access.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Plan } from './experiments.ts';

/** Shapes of what is asked and answered over HTTP, and who may. */
export const READERS = ['staff', 'scope:insight:read'] as const satisfies Access;
/** Who answers for the shop and for the sending of goods. */
export const WRITERS = [
  'staff:merchant',
  'staff:operations',
  'scope:insight:write',
] as const satisfies Access;
export const STATES = ['draft', 'running', 'stopped'] as const;

const oneOf = <const Name extends string>(names: readonly Name[]) =>
  Type.Unsafe<Name>({ type: 'string', enum: [...names] });
const Moment = Type.String({ format: 'date-time' });
const OrNull = <Of extends ReturnType<typeof Type.Number> | ReturnType<typeof Type.String>>(of: Of) =>
  Type.Union([of, Type.Null()]);

export const StepBody = exactly({
  experimentId: Id,
  kind: oneOf(['started', 'stopped', 'decided']),
  chosen: Type.Union([Type.String({ maxLength: 60 }), Type.Null()], {
    default: null,
    description: 'Of a decision: the choice that is to stay',
  }),
  reason: Type.String({ maxLength: 500, default: '' }),
});

export const ExperimentFacts = Type.Object({
  id: Id,
  ...Plan.properties,
  state: oneOf(STATES),
  changedAt: Moment,
  startedAt: OrNull(Moment),
  stoppedAt: OrNull(Moment),
  steps: Type.Array(
    Type.Object({
      kind: oneOf(['drafted', 'started', 'stopped', 'decided']),
      chosen: OrNull(Type.String()),
      reason: Type.String(),
      actor: Type.String(),
      takenAt: Moment,
    }),
  ),
});
