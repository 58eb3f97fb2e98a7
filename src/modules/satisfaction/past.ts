import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { satisfactionErrors } from './errors.ts';
import type { Way } from './links.ts';
import { questionId } from './occasions.ts';
import { rules } from './rules.ts';
import { type Occasion, RANGE, type Scale } from './scales.ts';

/** An occasion that is over, as another system knows it, and what was said of it. Nobody is asked about it any more. */
export interface PastOpinion {
  occasion: Exclude<Occasion, 'case'>;
  /** The order, the shipment or the return: an occasion that is known already stays as it is. */
  subjectId: string;
  orderId: string;
  customerId: string | null;
  touchpoint: string;
  regionCode: string;
  locationId: string | null;
  occurredAt: Date;
  /** On the scale that its rule has; undefined: nobody answered. */
  answer?: { score: number; way: Way; givenAt: Date } | undefined;
}

/** Of each occasion on which scale it is asked about. */
export async function scalesNow(tx: Tx): Promise<Map<Occasion, Scale>> {
  return new Map((await rules(tx)).map(({ occasion, scale }) => [occasion, scale]));
}

/** Takes in what happened before, without a mail to anybody. Sent again it is the same. */
export async function recordOpinions(tx: Tx, opinions: readonly PastOpinion[]): Promise<void> {
  if (opinions.length === 0) return;
  const scales = await scalesNow(tx);
  const known = opinions.map(({ answer, ...facts }) => {
    const scale = scales.get(facts.occasion);
    if (!scale) throw new Error(`satisfaction.rule has lost ${facts.occasion}`);
    if (answer && (answer.score < RANGE[scale].lowest || answer.score > RANGE[scale].highest))
      throw satisfactionErrors.score_off_scale(RANGE[scale]);
    return { ...facts, scale, id: questionId(facts.occasion, facts.subjectId), answer };
  });
  await sql`
    insert into satisfaction.question
      (id, occasion, scale, order_id, customer_id, touchpoint, region_code, location_id, occurred_at)
    select id, occasion::satisfaction.occasion, scale::satisfaction.scale, "orderId", "customerId", touchpoint, "regionCode",
      "locationId", "occurredAt"
    from jsonb_to_recordset(${JSON.stringify(known)}::jsonb) as told (id uuid, occasion text, scale text, "orderId" uuid,
      "customerId" uuid, touchpoint text, "regionCode" text, "locationId" uuid, "occurredAt" timestamptz)
    on conflict do nothing`.execute(tx);
  const answers = known.flatMap(({ id, scale, answer }) =>
    answer ? [{ id: idOf('satisfaction:past', id), questionId: id, scale, ...answer }] : [],
  );
  // One that was asked on another scale meanwhile keeps its own: a score of this one would say nothing on it.
  await sql`
    insert into satisfaction.answer (id, question_id, version, score, way, given_at)
    select told.id, "questionId", 1, told.score, told.way::satisfaction.way, "givenAt"
    from jsonb_to_recordset(${JSON.stringify(answers)}::jsonb) as told (id uuid, "questionId" uuid, scale text, score smallint,
      way text, "givenAt" timestamptz)
    join satisfaction.question on question.id = "questionId" and question.scale::text = told.scale
    on conflict do nothing`.execute(tx);
}
