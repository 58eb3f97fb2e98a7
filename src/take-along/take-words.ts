import { identityErrors } from '#modules/identity/index.ts';
import { answer, ask, QUESTION_MAX } from '#modules/reviews/index.ts';
import {
  type AbilityName,
  COMMENT_LENGTH_MAX,
  COMMENT_PHOTOS_MAX,
  mayDo,
  openAll,
  type Opened,
  say,
} from '#modules/social/index.ts';
import type { Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { standingOf } from '#read/own/known-here.ts';
import type { Thing } from './folder.ts';
import { idAt, is, textAt, thingAt, thingsAt } from './lens.ts';
import type { Step } from './take-boards.ts';
import { leftOut, type Place, placeOf, productAt, takePictures, type Taking } from './taking.ts';

const SAID = { question: 'ask', answer: 'answer', comment: 'comment' } as const satisfies Record<
  string,
  AbilityName
>;
type Kind = keyof typeof SAID;

/** Of what a member may say within an hour, an archive says so much. */
const SHARE = 0.75;

/** So much is said within an hour; the rest can be said in so many seconds. */
export class NextHour extends Error {
  readonly seconds: number;
  constructor(seconds: number) {
    super(`the rest in ${seconds} seconds`);
    this.name = 'NextHour';
    this.seconds = seconds;
  }
}

/** As long as any of them may be. */
const LENGTH_MAX = COMMENT_LENGTH_MAX;

/**
 * Says a question, an answer or a comment again, as if it had been typed: of what is here and open to its member, judged
 * like all that is said, and so many an hour that some are left to say by hand; then it throws `NextHour`. What stands here under whatever account is not said a second
 * time: so nobody speaks twice under a thread by a copied account, and what a moderator took away stays away.
 */
export async function takeSaying(taking: Taking, kind: Kind, object: Thing): Promise<Step> {
  const { deps, intake } = taking;
  const words = textAt(object, 'content', LENGTH_MAX);
  const left = (reason: string): Step => {
    return async () => leftOut(kind, words, reason, words);
  };
  const place = await placeOf(taking, object);
  if (!place) return left('number_missing');
  if (place.isHere) return async () => ({ fate: 'known' });
  const source = idAt(object) ?? '';
  if ((await standingOf(deps.db, [source])).get(source)?.isThere) return left('said_here');
  const work = await (kind === 'question' ? asking : saying)(taking, { kind, object, words, place });
  if (typeof work === 'string') return left(work);
  try {
    await mayDo(deps, intake.memberId, SAID[kind], SHARE);
  } catch (error) {
    const wait =
      error instanceof AppError && error.code === identityErrors.too_many_attempts.code && error.data;
    if (wait) throw new NextHour(Number((wait as { retryAfterSeconds: number }).retryAfterSeconds));
    if (error instanceof AppError) return left('not_now');
    throw error;
  }
  return async (tx) => {
    await work(tx);
    return { fate: 'taken' };
  };
}

interface Saying {
  kind: Kind;
  object: Thing;
  words: string;
  place: Place;
}

/** Why it can't be said here, or what says it. */
type Work = string | ((tx: Tx) => Promise<void>);

async function asking(
  { deps, intake: { memberId } }: Taking,
  { object, words, place: { id, at } }: Saying,
): Promise<Work> {
  const productId = await productAt(deps.db, thingAt(object, 'inReplyTo') ?? {});
  if (productId === undefined) return 'product_missing';
  const body = words.slice(0, QUESTION_MAX).toWellFormed();
  return (tx) => ask(tx, memberId, { id, productId, body }, at);
}

async function saying(taking: Taking, { kind, object, words, place }: Saying): Promise<Work> {
  const { memberId } = taking.intake;
  const { id } = place;
  const subject = await openAt(taking, thingAt(object, 'inReplyTo'));
  if (!subject) return 'subject_missing';
  // Nobody has said something of a thing before it was there, whatever an archive says.
  const at = place.at > subject.madeAt ? place.at : subject.madeAt;
  const about = { id, subjectId: subject.id, body: words };
  if (kind === 'answer') {
    if (subject.kind !== 'question') return 'spoken_for_another';
    return (tx) => answer(tx, { memberId }, { ...about, speaksFor: 'self' }, at);
  }
  const head = thingAt(object, 'stoa:repliesTo');
  const replyTo = (await openAt(taking, head))?.id;
  if (head && replyTo === undefined) return 'subject_missing';
  const photoIds = await takePictures(taking, thingsAt(object, 'attachment', COMMENT_PHOTOS_MAX));
  return (tx) => say(tx, { memberId }, { ...about, replyTo, photoIds }, at);
}

/** What is meant: the member's own that came before, or what they may look at here. */
async function openAt(taking: Taking, ref: Thing | undefined): Promise<Opened | undefined> {
  const place = ref && (await placeOf(taking, ref));
  if (!place) return undefined;
  const id = place.isHere ? place.id : (idAt(ref) ?? '');
  return (await openAll(taking.deps.db, { memberId: taking.intake.memberId }, [id])).get(id);
}

/** Of an activity's object which of them it is. */
export const sayingKindOf = (object: Thing): Kind | undefined =>
  is(object, 'stoa:Question')
    ? 'question'
    : is(object, 'stoa:Answer')
      ? 'answer'
      : is(object, 'stoa:Comment')
        ? 'comment'
        : undefined;
