import { Type } from 'typebox';
import { exactly, Id } from '#platform/schema.ts';

export const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 });
export const Counted = Type.Integer({ minimum: 0, maximum: 1_000_000 });
export const Minor = Type.Integer({
  minimum: 0,
  maximum: 1_000_000_000,
  description: 'minor units of the marketplace’s currency',
});
export const Day = Type.String({ format: 'date' });
export const Moment = Type.String({ format: 'date-time' });
export const ById = exactly({ id: Id });
export const Done = Type.Object({ id: Id });
export const LINES_MAX = 1_000;

/** Who may write stock: those who run operations, and their machines. */
export const WRITERS = ['staff:operations', 'scope:inventory:write'] as const;
export const READERS = ['staff', 'scope:inventory:read'] as const;

export const listOf = <Line extends Parameters<typeof Type.Array>[0]>(line: Line, maxItems = LINES_MAX) =>
  Type.Array(line, { minItems: 1, maxItems });
