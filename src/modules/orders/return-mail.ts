import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Mailer } from '#platform/mail.ts';
import { mailOnce } from '#platform/mail-once.ts';
import type { Deps } from '#platform/module.ts';
import { locations } from '../inventory/index.ts';
import { text } from './mail-texts.ts';
import { orderLinkInMail, readOrder } from './order.ts';
import { own } from './own.ts';
import { amount } from './receipt-message.ts';
import { returnById, type ReturnRequest } from './returns.ts';

export const RETURN_MAIL = 'orders.mail_return';
const ABOUT = ['requested', 'approved', 'refused', 'refunded'] as const;
type About = (typeof ABOUT)[number];
const Payload = Type.Object({ requestId: Type.String(), about: Type.Enum([...ABOUT]) });

export async function queueReturnMail(tx: Tx, requestId: string, about: About): Promise<void> {
  await own(tx).insertInto('orders.return_mail').values({ request_id: requestId, about }).execute();
  await addJob(tx, RETURN_MAIL, { requestId, about }, `${requestId} ${about}`);
}

/** Job. Tells the buyer how far their return is: once for each thing there is to say, also when it runs again. */
export async function mailReturn(
  deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { requestId, about } = Value.Parse(Payload, payload);
  const mark = (tx: Tx, values: { claimed_at: Date | null } | { sent_at: Date }) =>
    own(tx)
      .updateTable('orders.return_mail')
      .set(values)
      .where('request_id', '=', requestId)
      .where('about', '=', about)
      .execute();
  await mailOnce(deps, {
    job: { task: RETURN_MAIL, payload: { requestId, about }, key: `${requestId} ${about}` },
    find: (tx) =>
      own(tx)
        .selectFrom('orders.return_mail')
        .select(['claimed_at as claimedAt', 'sent_at as sentAt'])
        .where('request_id', '=', requestId)
        .where('about', '=', about)
        .forUpdate()
        .executeTakeFirst(),
    claim: (tx, at) => mark(tx, { claimed_at: at }),
    noteSent: (tx, at) => mark(tx, { sent_at: at }),
    send: async () => {
      const message = await messageOf(deps, requestId, about);
      if (message) await deps.mailer(message);
    },
  });
}

async function messageOf(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  requestId: string,
  about: About,
): Promise<Parameters<Mailer>[0] | undefined> {
  const request = await returnById(db, requestId);
  const { address, number } = await readOrder(db, request.orderId);
  if (!address) return undefined;
  const link = await orderLinkInMail(db, config, request.orderId);
  return {
    to: address.email,
    subject: text(`return.${about}.subject`, { shop: config.shopName, number }),
    text: [
      text(`return.${about}.lead`, { name: address.name, number }),
      '',
      ...request.lines.map(
        ({ quantity, title, options }) => `${quantity} × ${title}${options ? ` (${options})` : ''}`,
      ),
      ...moreOf(request, about),
      ...(about === 'approved' && request.kind === 'return' ? await placeOf(db, request) : []),
      '',
      text('receipt.see', { link }),
      '',
    ].join('\n'),
  };
}

/** Where the buyer is to send it. */
async function placeOf(db: Db, { locationId }: ReturnRequest): Promise<string[]> {
  const place = (await locations(db)).find(({ id }) => id === locationId);
  if (!place) return [];
  const town = [place.postcode, place.city].filter(Boolean).join(' ');
  return [
    '',
    text('return.send_to'),
    ...[place.name, place.street, town, place.countryCode].flatMap((each) => each || []),
  ];
}

function moreOf(request: ReturnRequest, about: About): string[] {
  const { answer, currency, refundMinor, refundTo, feeMinor, exchange } = request;
  if (about === 'refunded') {
    const kept = feeMinor > 0 ? [text('return.fee', { amount: amount(feeMinor, currency) })] : [];
    return [
      '',
      ...kept,
      text(`return.back.${refundTo}`, {
        amount: amount((refundMinor ?? 0) - (exchange?.paidMinor ?? 0), currency),
      }),
    ];
  }
  return answer && about !== 'requested' ? ['', answer] : [];
}
