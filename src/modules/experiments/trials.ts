import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import type { Part } from '#platform/together.ts';
import { variantFor } from './assign.ts';
import { type Experiment, experiments } from './experiments.ts';
import type { Seam } from './seams.ts';

/** One experiment per seam runs at most. */
const RUNNING_MAX = 100;

/** Which variant of which experiment holds for a unit. */
export interface Trial {
  experimentId: string;
  key: string;
  title: string;
  /** Its place among the variants; 0 is what it is without the experiment. */
  variant: number;
  choice: string;
}

/** What runs now: kept until any setting changes. */
export const runningExperiments = (db: Db): Promise<readonly Experiment[]> =>
  keptSetting(db, 'experiments.running', (each) =>
    experiments(each, { state: 'running', limit: RUNNING_MAX }),
  );

/** What holds for a unit at a seam; undefined where nothing is tried there. */
export function trialAt(
  running: readonly Experiment[],
  seam: Seam,
  unitId: string,
  countryCode: string | undefined,
): Trial | undefined {
  const found = running.find((each) => each.seam === seam);
  if (!found) return undefined;
  const { id, key, title, countries, variants } = found;
  if (countries.length > 0 && (countryCode === undefined || !countries.includes(countryCode)))
    return undefined;
  const variant = variantFor(
    id,
    unitId,
    variants.map(({ weight }) => weight),
  );
  const { choice = '' } = variants[variant] ?? {};
  return { experimentId: id, key, title, variant, choice };
}

/**
 * Notes that a variant makes a difference to a unit from now on: once, however often it does. False where the experiment has
 * stopped meanwhile: then nothing is tried.
 */
export async function expose(
  db: Db,
  { experimentId, variant }: Pick<Trial, 'experimentId' | 'variant'>,
  unitId: string,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    with written as (${exposing({ experimentId, variant }, unitId, now)} returning unit_id)
    select from experiments.experiment where id = ${experimentId} and state = 'running'`.execute(db);
  return rows.length > 0;
}

/** The same as a part of a statement that writes what follows from it. */
export const exposed = (trial: Pick<Trial, 'experimentId' | 'variant'>, unitId: string, now: Date): Part => ({
  changes: [sql`experiments_exposure as (${exposing(trial, unitId, now)})`],
});

const exposing = (
  { experimentId, variant }: Pick<Trial, 'experimentId' | 'variant'>,
  unitId: string,
  now: Date,
): RawBuilder<unknown> => sql`
  insert into experiments.exposure (experiment_id, unit_id, variant, exposed_at)
  select id, ${unitId}::uuid, ${variant}::smallint, ${now}::timestamptz from experiments.experiment
  where id = ${experimentId} and state = 'running'
  on conflict (experiment_id, unit_id) do nothing`;

/** That a cart is of a visitor: an order of it is theirs. The first who says so is right. */
export async function tieCart(db: Db, cartId: string, visitorId: string, now: Date): Promise<void> {
  await sql`
    insert into experiments.visitor_cart (cart_id, visitor_id, tied_at) values (${cartId}, ${visitorId}, ${now})
    on conflict do nothing`.execute(db);
}

/** That a visitor is this member, who agrees to be counted: an order of theirs counts wherever it is made. */
export async function tieMember(db: Db, memberId: string, visitorId: string, now: Date): Promise<void> {
  await sql`
    insert into experiments.visitor_member (visitor_id, member_id, tied_at) values (${visitorId}, ${memberId}, ${now})
    on conflict do nothing`.execute(db);
}

/** Nobody can tell any more which browser was theirs, nor what it bought. What was counted of numbers stays. */
export async function eraseTrials(tx: Tx, memberId: string): Promise<void> {
  await sql`
    with theirs as (delete from experiments.visitor_member where member_id = ${memberId} returning visitor_id)
    delete from experiments.visitor_cart using theirs where visitor_cart.visitor_id = theirs.visitor_id`.execute(
    tx,
  );
}
