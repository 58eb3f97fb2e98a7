import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { marketplaceOrganization, teamOf } from '../identity/index.ts';
import { guidanceErrors } from './errors.ts';
import { own } from './own.ts';

export interface RuleWish {
  id: string;
  /** None: any. */
  metric: string | null;
  /** None: any; empty: all regions together. */
  region: string | null;
  ownerId: string;
  mutedUntil: Date | null;
}

export interface Rule extends RuleWish {
  changedAt: Date;
}

const RULES_MAX = 200;

/** Makes a rule or changes one. Its owner is of the retailer's team. */
export async function putRule(tx: Tx, wish: RuleWish, now: Date): Promise<void> {
  // Two that add the last one that may be added wait for each other.
  await sql`lock table guidance.rule in share row exclusive mode`.execute(tx);
  const { id: organizationId } = await marketplaceOrganization(tx);
  const team = await teamOf(tx, organizationId);
  if (!team.some(({ memberId }) => memberId === wish.ownerId)) throw guidanceErrors.owner_not_staff({});
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from guidance.rule where ended_at is null and id <> ${wish.id}`.execute(tx);
  if ((rows[0]?.count ?? 0) >= RULES_MAX) throw guidanceErrors.rules_full({ most: RULES_MAX });
  const { id, metric, region, ownerId, mutedUntil } = wish;
  const told = { metric, region, owner_id: ownerId, muted_until: mutedUntil, changed_at: now };
  const row = await own(tx)
    .insertInto('guidance.rule')
    .values({ id, ...told })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(told).where('guidance.rule.ended_at', 'is', null),
    )
    .returning('id')
    .executeTakeFirst();
  if (!row) throw guidanceErrors.rule_not_found({});
}

/** Nobody is told by it any more. Ending it again changes nothing. */
export async function endRule(tx: Tx, id: string, now: Date): Promise<void> {
  const row = await own(tx)
    .updateTable('guidance.rule')
    .set((eb) => ({ ended_at: eb.fn.coalesce('ended_at', eb.val(now)) }))
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  if (!row) throw guidanceErrors.rule_not_found({});
}

export const rules = (db: Db): Promise<Rule[]> =>
  own(db)
    .selectFrom('guidance.rule')
    .select([
      'id',
      'metric',
      'region',
      'owner_id as ownerId',
      'muted_until as mutedUntil',
      'changed_at as changedAt',
    ])
    .where('ended_at', 'is', null)
    .orderBy('changed_at')
    .orderBy('id')
    .limit(RULES_MAX)
    .execute();

/** Writes whom a finding is to be told to; answers who was not to be told of it yet. */
export async function alertOwners(
  tx: Tx,
  { findingId, metric, region }: { findingId: string; metric: string; region: string },
  now: Date,
): Promise<string[]> {
  const { rows } = await sql<{ ownerId: string }>`
    insert into guidance.alert (finding_id, owner_id, made_at)
    select distinct ${findingId}::uuid, owner_id, ${now}::timestamptz from guidance.rule
    where ended_at is null and (metric is null or metric = ${metric}) and (region is null or region = ${region})
      and (muted_until is null or muted_until <= ${now})
    on conflict do nothing returning owner_id as "ownerId"`.execute(tx);
  return rows.map(({ ownerId }) => ownerId);
}
