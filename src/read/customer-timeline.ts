import { sql } from 'kysely';
import type { Matter } from '#modules/satisfaction/index.ts';
import type { Db } from '#platform/db.ts';

/** What a customer bought, gave back or said, as the modules' ledgers tell it. */
export const CUSTOMER_HAPPENINGS = [
  'order',
  'return',
  'cancellation',
  'review',
  'question',
  'answer',
  'comment',
  'case',
] as const;
export type CustomerHappening = (typeof CUSTOMER_HAPPENINGS)[number];

export interface CustomerEntry {
  at: Date;
  kind: CustomerHappening;
  /** The order's, return's or cancellation's order, the piece's, or the contact's. */
  id: string;
  number: string | null;
  amountMinor: number | null;
  currency: string | null;
  touchpoint: string | null;
  words: string | null;
  /** What a case was about. */
  matter: Matter | null;
}

const WORDS_SHOWN = 200;
const ASKED_STAFF = 'case' satisfies CustomerHappening;

/** The newest first. Of words only those that everybody may read: what was drafted, hidden or removed is not told here. */
export async function customerTimeline(
  reads: Db,
  { customerId, memberId }: { customerId: string; memberId: string },
  limit: number,
): Promise<CustomerEntry[]> {
  const { rows } = await sql<CustomerEntry>`
    select * from (
      select placed_at as at, 'order' as kind, id, number, total_minor as "amountMinor", currency::text as currency,
        touchpoint::text as touchpoint, null as words, null as matter
      from orders.order where customer_id = ${customerId}
      union all
      select returned_at, 'return', id, number, total_minor, currency::text, touchpoint::text, null, null
      from orders.return where customer_id = ${customerId}
      union all
      select cancelled_at, 'cancellation', sold.id, sold.number, cancelled.total_minor, sold.currency::text, null, null, null
      from orders.cancellation cancelled join orders.order sold on sold.id = cancelled.order_id
      where sold.customer_id = ${customerId}
      union all
      select piece.made_at, piece.kind::text, piece.id, null, null, null, null,
        left(coalesce(nullif(review.title, ''), review.body, question.body, answer.body, comment.body), ${WORDS_SHOWN}), null
      from social.piece join social.piece root on root.id = piece.root_id
      left join reviews.review on review.id = piece.id
      left join reviews.question on question.id = piece.id
      left join reviews.answer on answer.id = piece.id
      left join social.comment on comment.id = piece.id
      where piece.owner_id = ${memberId} and piece.kind in ('review', 'question', 'answer', 'comment')
        and piece.state = 'live' and root.state = 'live' and root.visibility = 'public'
      union all
      select contact.occurred_at, ${ASKED_STAFF}::text, contact.id, about.number, null, null, contact.touchpoint::text, null,
        contact.matter::text
      from satisfaction.contact left join orders.order about on about.id = contact.order_id
      where contact.customer_id = ${customerId}
    ) as happened
    order by at desc, kind, id limit ${limit}`.execute(reads);
  return rows;
}
