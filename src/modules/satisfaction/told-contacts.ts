import type pg from 'pg';
import { type LedgerPlace, toldLedger } from '#platform/told-ledger.ts';

export const { reachesTo: contactsReachTo, waitingSince: contactsWaitingSince } = toldLedger({
  table: 'satisfaction.contact',
  number: 'told_number',
  at: 'noted_at',
});

/** A contact and how it stands to the others about its matter, as the numbers keep it: without words and without a person. */
export interface ToldContact {
  contact_id: string;
  version: number;
  matter: string;
  region: string;
  touchpoint: string;
  location_id: string;
  business_day: string;
  week_ends_on: string;
  begins: boolean;
  is_repeated: boolean;
}

/** In hours, for a week of days is shorter where clocks are put forward. */
const WEEK = `interval '168 hours'`;
const PERSON = (of: string) => `coalesce(${of}.customer_id, ${of}.order_id, ${of}.id)`;
const NEAR = (of: string) => `${PERSON('near')} = ${PERSON(of)} and near.matter = ${of}.matter
  and near.occurred_at between ${of}.occurred_at - ${WEEK} and ${of}.occurred_at + ${WEEK}`;

/**
 * The contacts between two places, and those to which one of them came near: they may begin no matter any more, or have come
 * up again. One that commits later is told later, and its neighbours with it.
 */
export async function contactsBetween(
  connection: pg.ClientBase,
  after: LedgerPlace,
  to: LedgerPlace,
  timeZone: string,
): Promise<ToldContact[]> {
  const { rows } = await connection.query<ToldContact>(
    `with concerned as (
       select distinct near.id from satisfaction.contact as fresh join satisfaction.contact as near on ${NEAR('fresh')}
       where (fresh.committed_by, fresh.told_number) > ($1::xid8, $2::bigint)
         and (fresh.committed_by, fresh.told_number) <= ($3::xid8, $4::bigint)
     )
     select contact.id::text as contact_id, count(*)::integer as version, contact.matter::text,
       contact.region_code as region, contact.touchpoint,
       coalesce(contact.location_id, '00000000-0000-0000-0000-000000000000')::text as location_id,
       (contact.occurred_at at time zone $5)::date::text as business_day,
       ((contact.occurred_at + ${WEEK}) at time zone 'UTC')::date::text as week_ends_on,
       coalesce(bool_and((near.occurred_at, near.id) >= (contact.occurred_at, contact.id)), true) as begins,
       coalesce(bool_or((near.occurred_at, near.id) > (contact.occurred_at, contact.id)), false) as is_repeated
     from concerned join satisfaction.contact using (id) join satisfaction.contact as near on ${NEAR('contact')}
     group by contact.id order by contact.id`,
    [after.position, after.number, to.position, to.number, timeZone],
  );
  return rows;
}
