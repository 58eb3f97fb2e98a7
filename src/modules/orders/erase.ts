import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { own } from './own.ts';

export interface Buyer {
  memberId: string;
  /** Absent for a member who never bought. */
  customerId?: string;
  /** When it is theirs for sure: then what they bought by it as a guest is theirs, too. */
  email?: string;
}

/** Takes the person out of their orders: what was sold stays, to whom and where it went is gone. */
export async function eraseBuyer(tx: Tx, { memberId, customerId, email }: Buyer): Promise<void> {
  await sql`
    delete from orders.cart where member_id = ${memberId} and ordered_at is null
      and not exists (select from orders.checkout where cart_id = cart.id)`.execute(tx);
  // An order that is being placed at this moment is finished without an address.
  await sql`
    update orders.checkout as checkout set draft = draft || '{"address": null, "giftNote": null, "returnNote": ""}'
    from orders.cart where cart.id = checkout.cart_id
      and (cart.member_id = ${memberId} or draft -> 'address' ->> 'email' = ${email ?? null})`.execute(tx);
  // They may have served other buyers. What they are owed for it stays in the ledger of credits, by their number.
  await sql`update orders.checkout set draft = draft || '{"associateId": null}'
    where draft ->> 'associateId' = ${memberId}`.execute(tx);
  await own(tx).deleteFrom('orders.cart_advice').where('associate_id', '=', memberId).execute();
  await sql`update orders.order set associate_id = null where associate_id = ${memberId}`.execute(tx);
  await sql`
    update orders.order as o set gift_note = null
    where gift_note is not null and (o.customer_id = ${customerId ?? null}
      or o.id in (select order_id from orders.order_address where lower(email) = ${email ?? null}))`.execute(
    tx,
  );
  await sql`
    update orders.return_request as request set note = '', answer = ''
    where (note <> '' or answer <> '') and request.order_id in (
      select id from orders.order where customer_id = ${customerId ?? null}
      union all select order_id from orders.order_address where lower(email) = ${email ?? null})`.execute(tx);
  // A receipt that was asked for and is not sent yet goes nowhere.
  await sql`
    update orders.receipt set email = null
    where email is not null and (lower(email) = ${email ?? null}
      or order_id in (select id from orders.order where customer_id = ${customerId ?? null}))`.execute(tx);
  await own(tx)
    .deleteFrom('orders.order_address')
    .where((eb) =>
      eb.or([
        ...(email === undefined ? [] : [eb(eb.fn('lower', ['email']), '=', email)]),
        ...(customerId === undefined
          ? []
          : [
              eb(
                'order_id',
                'in',
                eb.selectFrom('orders.order').select('id').where('customer_id', '=', customerId),
              ),
            ]),
      ]),
    )
    .execute();
}
