import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { satisfactionAsked } from '#events/satisfaction.ts';
import { membersOfCustomers } from '#modules/identity/index.ts';
import { endMail, noticeChoices } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { mailOnce } from '#platform/mail-once.ts';
import type { Deps } from '#platform/module.ts';
import { type AskedAddress, askedAddress } from './asked-address.ts';
import { answerToken, questionOfToken } from './links.ts';
import { text } from './mail-texts.ts';
import { own } from './own.ts';
import { MAIL_QUESTION, type Question, questionById } from './questions.ts';
import { addressHash, takeTurn } from './rest.ts';
import { settings } from './rules.ts';
import type { DB } from './tables.ts';

const Payload = Type.Object({ questionId: Type.String() });
const DAY_MS = 86_400_000;
const SCORES = { csat: [5, 4, 3, 2, 1], nps: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0] } as const;

type Outcome = DB['satisfaction.asked']['outcome'];
type Asking = Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>;

interface Found extends AskedAddress {
  claimedAt: Date | null;
  sentAt: Date | null;
  question: Question;
}

/** Job. One mail for each question that was drawn, however often it runs; what became of it is in the ledger. */
export async function mailQuestion(deps: Asking, payload: unknown): Promise<void> {
  const { questionId } = Value.Parse(Payload, payload);
  await mailOnce<Found>(deps, {
    job: { task: MAIL_QUESTION, payload: { questionId }, key: questionId },
    find: (tx) => findDue(tx, deps, questionId),
    claim: (tx, at) =>
      own(tx)
        .updateTable('satisfaction.mailing')
        .set({ claimed_at: at })
        .where('question_id', '=', questionId)
        .execute(),
    tell: async (tx, at) => {
      await noteOutcome(tx, questionId, 'mailed', at);
      const { occasion, scale, touchpoint } = await questionById(tx, questionId);
      const occurredAt = at.toISOString();
      await emit(tx, satisfactionAsked, { questionId, occasion, scale, touchpoint, occurredAt });
    },
    noteSent: (tx, at) => close(tx, questionId, at),
    send: (found) => deps.mailer(messageFor(deps, found)),
  });
}

/** Locked; undefined where nothing is to be sent, which is then written down for good. */
async function findDue(tx: Tx, deps: Asking, questionId: string): Promise<Found | undefined> {
  const mailing = await own(tx)
    .selectFrom('satisfaction.mailing')
    .select(['claimed_at as claimedAt', 'closed_at as sentAt'])
    .where('question_id', '=', questionId)
    .forUpdate()
    .executeTakeFirst();
  if (!mailing || mailing.sentAt) return undefined;
  const question = await questionById(tx, questionId);
  const found = await whomToAsk(tx, deps, question);
  if (typeof found !== 'string') return { ...mailing, question, ...found };
  const at = deps.now();
  await noteOutcome(tx, questionId, found, at);
  await close(tx, questionId, at);
  return undefined;
}

const noteOutcome = (tx: Tx, questionId: string, outcome: Outcome, at: Date) =>
  own(tx).insertInto('satisfaction.asked').values({ question_id: questionId, outcome, at }).execute();

const close = (tx: Tx, questionId: string, at: Date) =>
  own(tx)
    .updateTable('satisfaction.mailing')
    .set({ closed_at: at })
    .where('question_id', '=', questionId)
    .execute();

/** To whom, or why not. */
async function whomToAsk(
  tx: Tx,
  { config, now }: Asking,
  question: Question,
): Promise<AskedAddress | Exclude<Outcome, 'mailed'>> {
  const { id, customerId, occurredAt } = question;
  const at = now();
  const { openDays, restDays } = await settings(tx);
  if (at.getTime() > occurredAt.getTime() + openDays * DAY_MS) return 'over';
  if (await isAnswered(tx, id)) return 'answered';
  const address = await askedAddress(tx, question);
  if (!address) return 'no_address';
  const { email } = address;
  if (await isSwitchedOff(tx, config, { customerId, email })) return 'switched_off';
  const isFree = await takeTurn(tx, config, { customerId, email }, { questionId: id, at, restDays });
  return isFree ? address : 'resting';
}

async function isAnswered(db: Db, questionId: string): Promise<boolean> {
  const row = await own(db)
    .selectFrom('satisfaction.answer')
    .select('id')
    .where('question_id', '=', questionId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A member has one switch for being asked what they think, of goods and of how it went. */
async function isSwitchedOff(
  db: Db,
  config: Deps['config'],
  { customerId, email }: { customerId: string | null; email: string },
): Promise<boolean> {
  const row = await own(db)
    .selectFrom('satisfaction.unasked')
    .select('since')
    .where('address_hash', '=', addressHash(config, email))
    .executeTakeFirst();
  if (row) return true;
  const memberId = customerId && (await membersOfCustomers(db, [customerId])).get(customerId);
  if (!memberId) return false;
  return (await noticeChoices(db, memberId)).some(({ kind, byMail }) => kind === 'review_asked' && !byMail);
}

function messageFor(
  { config }: Pick<Deps, 'config'>,
  { question: { id, occasion, scale }, email, number }: Found,
) {
  const token = answerToken(config, id, 'mail');
  const link = (score: number) => `${config.publicUrl}/opinion/${token}?score=${score}`;
  const unsubscribe = `${config.publicUrl}/opinion/stop?question=${token}`;
  const shop = config.shopName;
  const choices =
    scale === 'csat'
      ? SCORES.csat.map((score) => text(`mail.csat.${score}`, { link: link(score) }))
      : [
          ...SCORES.nps.map((score) => text('mail.nps.each', { score, link: link(score) })),
          text('mail.nps.ends'),
        ];
  return {
    to: email,
    subject: text('mail.subject', { shop }),
    text: [
      number === null ? text('mail.case.alone') : text(`mail.${occasion}`, { number }),
      '',
      scale === 'csat' ? text('mail.csat') : text('mail.nps', { shop }),
      '',
      ...choices,
      '',
      text('mail.open'),
      '',
      text('mail.stop', { link: unsubscribe }),
      '',
    ].join('\n'),
    unsubscribe,
  };
}

/**
 * No more such mails, asked for by the link that one had: a member's own switch is turned off, of a guest the address is
 * remembered. False of a link that no mail had.
 */
export async function stopQuestions(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  token: string,
): Promise<boolean> {
  const link = questionOfToken(config, token);
  if (link?.way !== 'mail') return false;
  const question = await questionById(db, link.questionId);
  const { customerId } = question;
  const memberId = customerId && (await membersOfCustomers(db, [customerId])).get(customerId);
  if (memberId) {
    await inTransaction(db, (tx) => endMail(tx, memberId, ['review_asked']));
    return true;
  }
  const address = await askedAddress(db, question);
  if (address)
    await own(db)
      .insertInto('satisfaction.unasked')
      .values({ address_hash: addressHash(config, address.email), since: now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  return true;
}
