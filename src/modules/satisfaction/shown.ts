import { askedAbout } from '#modules/orders/index.ts';
import type { Deps } from '#platform/module.ts';
import { answerToken, type Way } from './links.ts';
import { openQuestionOf } from './questions.ts';
import { isRested } from './rest.ts';
import { settings } from './rules.ts';

/**
 * The way to the one question of an order that may be shown now; undefined where all is answered or over, or its buyer
 * was asked something else not long ago. Showing it writes nothing.
 */
export async function questionLink(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  orderId: string,
  way: Exclude<Way, 'mail'>,
): Promise<string | undefined> {
  const at = now();
  const [question, order] = await Promise.all([openQuestionOf(db, orderId, at), askedAbout(db, orderId)]);
  if (!question || !order) return undefined;
  const { restDays } = await settings(db);
  const turn = { questionId: question.id, at, restDays };
  return (await isRested(db, config, order, turn))
    ? `/opinion/${answerToken(config, question.id, way)}`
    : undefined;
}
