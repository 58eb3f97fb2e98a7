import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { customerNode, nodeId } from './nodes.ts';
import { own } from './own.ts';

/**
 * For ClickHouse: the rows of a query that have a `customer_id`, each with `person_id`, whose it is as the graph is when it is
 * asked. Who is one person with nobody else is called by their own number.
 */
export const withPersons = (query: string): string => `(
  SELECT mine.*,
    if(theirs.person_id = toUUID('00000000-0000-0000-0000-000000000000'), mine.customer_id, theirs.person_id) AS person_id
  FROM (${query}) AS mine
  LEFT JOIN (SELECT customer_id, person_id FROM customer_person FINAL) AS theirs ON theirs.customer_id = mine.customer_id
)`;

/** By customer, all customers that are one person with them at this moment, themselves among them, sorted. */
export async function customersTogether(
  db: Db,
  customerIds: Iterable<string>,
): Promise<Map<string, string[]>> {
  const asked = [...new Set(customerIds)];
  const ids = asked.map((id) => nodeId(customerNode(id)));
  const { rows } = await sql<{ customer: string; together: string[] }>`
    select asked.value as customer, array_agg(mate.value order by mate.value collate "C") as together
    from persons.node asked join persons.node mate on mate.person_id = asked.person_id and mate.kind = 'customer'
    where asked.id = any(${ids}::uuid[]) group by asked.value`.execute(db);
  const known = new Map(rows.map(({ customer, together }) => [customer, together]));
  return new Map(asked.map((id) => [id, known.get(id) ?? [id]]));
}

/** How often customers became one person or ceased to be, as far as ClickHouse has heard of it. */
export async function regroupings(db: Db): Promise<number> {
  const { number } = await own(db)
    .selectFrom('persons.regrouping')
    .select('number')
    .executeTakeFirstOrThrow();
  return number;
}
