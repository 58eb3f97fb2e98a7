import { createHmac } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { identityErrors } from './errors.ts';

export interface Limit {
  max: number;
  windowSeconds: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** How often somebody may try. `address` is the network address, `account` the e-mail address that was typed, or the member. */
export const LIMITS = {
  sign_in_address: { max: 60, windowSeconds: 15 * MINUTE },
  sign_in_account: { max: 10, windowSeconds: 15 * MINUTE },
  sign_up_address: { max: 40, windowSeconds: HOUR },
  sign_up_account: { max: 5, windowSeconds: HOUR },
  reset_address: { max: 20, windowSeconds: HOUR },
  reset_account: { max: 5, windowSeconds: HOUR },
  address_change_address: { max: 20, windowSeconds: HOUR },
  address_change_account: { max: 10, windowSeconds: HOUR },
  token_address: { max: 60, windowSeconds: 15 * MINUTE },
  prove_account: { max: 10, windowSeconds: 15 * MINUTE },
  member_code_account: { max: 20, windowSeconds: 15 * MINUTE },
  receipt_code_address: { max: 20, windowSeconds: HOUR },
  gift_card_address: { max: 20, windowSeconds: 15 * MINUTE },
  invite_account: { max: 60, windowSeconds: HOUR },
  auth_address: { max: 120, windowSeconds: 10 * MINUTE },
} as const satisfies Record<string, Limit>;

type Named = Pick<Deps, 'config' | 'now'>;
type Counting = Named & Pick<Deps, 'db'>;
type LimitName = keyof typeof LIMITS;

/** Counts an attempt and refuses it when there were too many. The check is the write: nobody slips in between. */
export const countAttempt = (deps: Counting, name: LimitName, whom: string): Promise<void> =>
  countUnder(deps, name, whom, LIMITS[name]);

/** The same under a limit of the caller's. */
export async function countUnder(deps: Counting, name: string, whom: string, limit: Limit): Promise<void> {
  const { allowed, retryAfterSeconds } = await attempt(deps.db, deps.now(), keyOf(deps, name, whom), limit);
  if (!allowed) throw identityErrors.too_many_attempts({ retryAfterSeconds });
}

/**
 * The same as a part of a statement that asks something else too, for the one row of `from`: it answers the `count` and
 * when it begins anew, for `refuseBeyond`. Where there is no row, nothing is counted.
 */
export const counted = (
  deps: Named,
  name: string,
  whom: string,
  { windowSeconds, from }: Pick<Limit, 'windowSeconds'> & { from: RawBuilder<unknown> },
): RawBuilder<unknown> =>
  sql`identity_rate_limit as (${counting(deps.now(), keyOf(deps, name, whom), windowSeconds, from)})`;

export interface Counted {
  count: number;
  windowEndsAt: Date;
}

export function refuseBeyond(max: number, { count, windowEndsAt }: Counted, at: Date): void {
  if (count > max) throw identityErrors.too_many_attempts({ retryAfterSeconds: secondsTo(windowEndsAt, at) });
}

/** Who got in may fail again later: the earlier failures are forgiven. */
export async function forgiveAttempts(deps: Counting, name: LimitName, whom: string): Promise<void> {
  await sql`delete from identity.rate_limit where key = ${keyOf(deps, name, whom)}`.execute(deps.db);
}

/** What turned out right was no attempt; the wrong ones stay counted. */
export async function forgiveAttempt(deps: Counting, name: LimitName, whom: string): Promise<void> {
  await sql`update identity.rate_limit set count = count - 1
    where key = ${keyOf(deps, name, whom)} and count > 0`.execute(deps.db);
}

/** By a keyed hash: the table of limits is no list of addresses. */
const keyOf = ({ config }: Pick<Deps, 'config'>, name: string, whom: string) =>
  `${name}:${createHmac('sha256', config.secret).update(whom).digest('base64url')}`;

/** One statement of its own, in no transaction: a refusal must not take the count back. */
export async function attempt(
  db: Db,
  at: Date,
  key: string,
  { max, windowSeconds }: Limit,
): Promise<{ allowed: boolean; retryAfterSeconds: number }> {
  const { rows } = await counting(at, key, windowSeconds, sql`(select) as one`).execute(db);
  const [row] = rows;
  return {
    allowed: row !== undefined && row.count <= max,
    retryAfterSeconds: row ? secondsTo(row.windowEndsAt, at) : 1,
  };
}

function counting(at: Date, key: string, windowSeconds: number, from: RawBuilder<unknown>) {
  const endsAt = new Date(at.getTime() + windowSeconds * 1000);
  return sql<Counted>`
    insert into identity.rate_limit as known (key, count, window_ends_at)
    select ${key}, 1, ${endsAt}::timestamptz from ${from}
    on conflict (key) do update set
      count = case when known.window_ends_at <= ${at} then 1 else known.count + 1 end,
      window_ends_at = case when known.window_ends_at <= ${at} then ${endsAt} else known.window_ends_at end
    returning count, window_ends_at as "windowEndsAt"`;
}

const secondsTo = (end: Date, at: Date) => Math.max(1, Math.ceil((end.getTime() - at.getTime()) / 1000));
