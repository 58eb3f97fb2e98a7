import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { askedAbout } from '#modules/orders/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { mailOnce } from '#platform/mail-once.ts';
import type { Deps } from '#platform/module.ts';
import { MAIL_REPLY } from './letters.ts';
import { text } from './mail-texts.ts';
import { own } from './own.ts';

const Payload = Type.Object({ replyId: Type.String() });

/** Job. One mail for each answer, however often it runs; none where the letter was erased meanwhile. */
export async function mailReply(
  deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { replyId } = Value.Parse(Payload, payload);
  const note = (tx: Tx, what: { claimed_at: Date | null } | { sent_at: Date }) =>
    own(tx).updateTable('satisfaction.reply').set(what).where('id', '=', replyId).execute();
  await mailOnce(deps, {
    job: { task: MAIL_REPLY, payload: { replyId }, key: replyId },
    find: (tx) => findReply(tx, replyId),
    claim: (tx, at) => note(tx, { claimed_at: at }),
    noteSent: (tx, at) => note(tx, { sent_at: at }),
    send: async ({ email, asked, words, orderId }) => {
      const order = await numberOf(deps.db, orderId);
      const { shopName: shop } = deps.config;
      await deps.mailer({
        to: email,
        subject:
          order === undefined
            ? text('reply.subject', { shop })
            : text('reply.about', { shop, number: order }),
        text: [
          words,
          '',
          text('reply.asked'),
          ...asked.split('\n').map((line) => `> ${line}`),
          '',
          text('reply.again', { link: `${deps.config.publicUrl}/contact` }),
          '',
        ].join('\n'),
      });
    },
  });
}

const numberOf = async (db: Db, orderId: string | null): Promise<string | undefined> =>
  orderId === null ? undefined : (await askedAbout(db, orderId))?.number;

const findReply = (tx: Tx, replyId: string) =>
  own(tx)
    .selectFrom('satisfaction.reply as reply')
    .innerJoin('satisfaction.letter as letter', 'letter.contact_id', 'reply.contact_id')
    .innerJoin('satisfaction.contact as contact', 'contact.id', 'reply.contact_id')
    .select([
      'claimed_at as claimedAt',
      'sent_at as sentAt',
      'letter.email',
      'letter.words as asked',
      'reply.words',
      'contact.order_id as orderId',
    ])
    .where('reply.id', '=', replyId)
    .forUpdate('reply')
    .executeTakeFirst();
