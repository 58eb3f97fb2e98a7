import { sql } from 'kysely';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
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

const DAYS_SHOWN = 400;

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

/** The last one of each day, the newest first. */
export async function looksOf(db: Db, experimentId: string, timeZone: string): Promise<KeptLook[]> {
  const day = sql`(looked_at at time zone ${timeZone}::text)::date`;
  const { rows } = await sql<Pick<KeptLook, 'lookedAt' | 'ratioP'> & { figures: unknown }>`
    select "lookedAt", figures, "ratioP" from (
      select looked_at as "lookedAt", figures, ratio_p as "ratioP", row_number() over (partition by ${day} order by looked_at desc) as n
      from experiments.look where experiment_id = ${experimentId}
    ) as each where n = 1 order by "lookedAt" desc limit ${DAYS_SHOWN}`.execute(db);
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
