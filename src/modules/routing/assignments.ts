import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { type Part, writeTogether } from '#platform/together.ts';
import { exposed, type Trial } from '../experiments/index.ts';
import type { GivenLine, WantedLine } from './broker.ts';
import { own } from './own.ts';
import type { Reasons } from './route.ts';

/** The part of an order that a location is to fulfil. */
export interface Assignment {
  /** Made by the caller, so that a retry is the same assignment. */
  id: string;
  locationId: string;
  lines: GivenLine[];
  /** YYYY-MM-DD by the location's clock. */
  leavesOn: string;
  /** YYYY-MM-DD: when the last goods of it are to come to the location. Left out or null: they lay there. */
  goodsOn?: string | null;
  promisedFrom: string;
  promisedTo: string;
}

/** What was decided for an order as a whole. */
interface Decision {
  orderId: string;
  ruleSetVersion: number;
  reasons: Reasons;
  at: Date;
  /** Where an experiment chose the rules: it is noted with what they chose. */
  trial?: Pick<Trial, 'experimentId' | 'variant'> | undefined;
}

/** Writes down who fulfils what of an order, and why. A repeat changes nothing. */
export const assign = (tx: Tx, decision: Decision, assignments: readonly Assignment[]): Promise<void> =>
  writeTogether(tx, [assigned(decision, assignments)]);

/** The same as a part of a statement that writes other things too. */
export function assigned(decision: Decision, assignments: readonly Assignment[]): Part {
  const { orderId, trial, at } = decision;
  const noted = trial ? exposed(trial, orderId, at).changes : [];
  return { changes: [...noted, ...written([{ ...decision, assignments }])] };
}

/** The same for many orders. What an experiment chose is noted where an order is placed, not where it is routed again. */
export async function assignEach(
  tx: Tx,
  decided: readonly (Omit<Decision, 'trial'> & { assignments: readonly Assignment[] })[],
): Promise<void> {
  if (decided.length > 0) await writeTogether(tx, [{ changes: written(decided) }]);
}

function written(decided: readonly (Decision & { assignments: readonly Assignment[] })[]): Part['changes'] {
  const parts = decided.flatMap(({ orderId, ruleSetVersion, reasons, at, assignments }) => {
    const why = JSON.stringify(reasons);
    return assignments.map((part) => ({ ...part, orderId, ruleSetVersion, why, at }));
  });
  const lines = parts.flatMap(({ id, lines: given }) => given.map((line) => ({ ...line, id })));
  return [
    sql`routing_assignment as (
      insert into routing.assignment (id, order_id, location_id, rule_set_version, assigned_at, leaves_on, goods_on,
        promised_from, promised_to, reasons)
      select id, order_id, location_id, rule_set_version, assigned_at, leaves_on, goods_on, promised_from, promised_to,
        reasons::jsonb
      from unnest(${parts.map(({ id }) => id)}::uuid[], ${parts.map(({ orderId }) => orderId)}::uuid[],
        ${parts.map(({ locationId }) => locationId)}::uuid[], ${parts.map(({ ruleSetVersion }) => ruleSetVersion)}::integer[],
        ${parts.map(({ at }) => at)}::timestamptz[], ${parts.map(({ leavesOn }) => leavesOn)}::date[],
        ${parts.map(({ goodsOn }) => goodsOn ?? null)}::date[], ${parts.map(({ promisedFrom }) => promisedFrom)}::date[],
        ${parts.map(({ promisedTo }) => promisedTo)}::date[], ${parts.map(({ why }) => why)}::text[]
      ) as part (id, order_id, location_id, rule_set_version, assigned_at, leaves_on, goods_on, promised_from,
        promised_to, reasons)
      on conflict (id) do nothing
      returning id)`,
    sql`routing_assignment_line as (
      insert into routing.assignment_line (assignment_id, variant_id, quantity)
      select id, variant_id, quantity from routing_assignment join unnest(${lines.map(({ id }) => id)}::uuid[],
        ${lines.map(({ variantId }) => variantId)}::uuid[], ${lines.map(({ quantity }) => quantity)}::integer[]
      ) as line (id, variant_id, quantity) using (id))`,
  ];
}

/**
 * Takes units out of an assignment, because its location can't give them: they are assigned anew, elsewhere. `id` is
 * what caused it, so that a repeat changes nothing.
 */
export async function withdraw(
  tx: Tx,
  { id, assignmentId, at }: { id: string; assignmentId: string; at: Date },
  lines: readonly WantedLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map(({ variantId, quantity }) => ({
    id,
    assignment_id: assignmentId,
    variant_id: variantId,
    quantity,
    withdrawn_at: at,
  }));
  await own(tx)
    .insertInto('routing.withdrawal')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Who fulfils what of an order, as a column of a statement about it, whose id is the value of `orderId`: what leaves
 * first before the rest; none for an order of the past.
 */
export const assignmentFacts = (orderId: RawBuilder<unknown>) => sql<Assignment[]>`(
  select coalesce(json_agg(json_build_object('id', assignment.id, 'locationId', location_id, 'leavesOn', leaves_on,
    'goodsOn', goods_on, 'promisedFrom', promised_from, 'promisedTo', promised_to, 'lines', given.lines)
    order by leaves_on, assignment.id), '[]')
  from routing.assignment cross join lateral (
    select json_agg(json_build_object('variantId', variant_id, 'quantity', quantity - withdrawn) order by variant_id) as lines
    from routing.assignment_line as line cross join lateral (
      select coalesce(sum(quantity), 0) as withdrawn from routing.withdrawal
      where withdrawal.assignment_id = assignment.id and withdrawal.variant_id = line.variant_id) as gone
    where line.assignment_id = assignment.id and quantity > withdrawn
  ) as given
  where assignment.order_id = ${orderId} and given.lines is not null)`;

export async function assignmentsOf(db: Db, orderId: string): Promise<Assignment[]> {
  const { rows } = await sql<{ assignments: Assignment[] }>`
    select ${assignmentFacts(sql`${orderId}::uuid`)} as assignments`.execute(db);
  return rows[0]?.assignments ?? [];
}
