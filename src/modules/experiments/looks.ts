import { sql } from 'kysely';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { own } from './own.ts';
import { MAIL_OWNER } from './mail-owner.ts';

const Arm = Type.Object({ units: Type.Integer(), sum: Type.Number(), sumOfSquares: Type.Number() });

/** What was known at a look: of each outcome the sums of each variant, and how many were exposed to each. */
export const Look = Type.Object({
  exposed: Type.Array(Type.Integer()),
  outcomes: Type.Record(Type.String(), Type.Array(Arm)),
});
export type Look = Static<typeof Look>;

export interface KeptLook extends Look {
  lookedAt: Date;
  /** The least p-value of the sample ratio up to it. */
  ratioP: number;
}

const LOOKS_SHOWN = 400;

/** Keeps what was seen: once per moment. */
export async function keepLook(
  tx: Tx,
  experimentId: string,
  { lookedAt, ratioP, ...figures }: KeptLook,
): Promise<void> {
  await sql`
    insert into experiments.look (experiment_id, looked_at, figures, ratio_p)
    values (${experimentId}, ${lookedAt}, ${JSON.stringify(figures)}, ${ratioP}) on conflict do nothing`.execute(
    tx,
  );
}

/** The newest first. */
export async function looksOf(db: Db, experimentId: string, limit = LOOKS_SHOWN): Promise<KeptLook[]> {
  const rows = await own(db)
    .selectFrom('experiments.look')
    .select(['looked_at as lookedAt', 'figures', 'ratio_p as ratioP'])
    .where('experiment_id', '=', experimentId)
    .orderBy('looked_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ figures, ...row }) => ({ ...row, ...Value.Parse(Look, figures) }));
}

/** The least p-value of the sample ratio at any look so far; null before the first. */
export async function leastRatio(db: Db, experimentId: string): Promise<number | null> {
  const { rows } = await sql<{ least: number | null }>`
    select min(ratio_p) as least from experiments.look where experiment_id = ${experimentId}`.execute(db);
  return rows[0]?.least ?? null;
}

export type AlertAbout = 'guardrail' | 'ratio';

/** That its owner is told of something: once, however often it is seen. */
export async function alertOwner(tx: Tx, experimentId: string, about: AlertAbout, now: Date): Promise<void> {
  const { rows } = await sql`
    insert into experiments.alert (experiment_id, about, made_at) values (${experimentId}, ${about}, ${now})
    on conflict do nothing returning about`.execute(tx);
  if (rows.length > 0) await addJob(tx, MAIL_OWNER, { experimentId, about }, `${experimentId}:${about}`);
}
