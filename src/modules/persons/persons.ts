import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { membersConsenting, type Purpose } from '../identity/index.ts';
import { personsErrors } from './errors.ts';
import { evidenceAt, type NotedEvidence } from './evidence.ts';
import { memberNode, nodeId, type PersonNode } from './nodes.ts';
import { own } from './own.ts';

const NODES_MAX = 500;
export const EVENTS_MAX = 500;

export interface PersonView {
  personId: string;
  nodes: (PersonNode & { id: string; isShared: boolean })[];
  evidence: NotedEvidence[];
}

/**
 * The person that a member is, for one purpose. The one place that decides whether somebody appears as a person: each
 * account of theirs has to agree at this moment, whatever was agreed when the events came.
 */
async function agreedPerson(db: Db, memberId: string, purpose: Purpose): Promise<string> {
  const node = await own(db)
    .selectFrom('persons.node')
    .select('person_id as personId')
    .where('id', '=', nodeId(memberNode(memberId)))
    .executeTakeFirst();
  if (!node?.personId) throw personsErrors.person_not_found({});
  const { personId } = node;
  const accounts = await own(db)
    .selectFrom('persons.node')
    .select('value')
    .where('person_id', '=', personId)
    .where('kind', '=', 'member')
    .execute();
  const ids = accounts.map(({ value }) => value);
  const agreeing = await membersConsenting(db, ids, purpose);
  if (ids.some((id) => !agreeing.has(id))) throw personsErrors.consent_missing({ purpose });
  return personId;
}

/** What stands for the person, and why. */
export async function personOfMember(db: Db, memberId: string, purpose: Purpose): Promise<PersonView> {
  const personId = await agreedPerson(db, memberId, purpose);
  const nodes = await own(db)
    .selectFrom('persons.node')
    .select(['id', 'kind', 'scope', 'value', 'is_shared as isShared'])
    .where('person_id', '=', personId)
    .orderBy('kind')
    .orderBy('scope')
    .orderBy('value')
    .limit(NODES_MAX)
    .execute();
  const evidence = await evidenceAt(
    db,
    nodes.map(({ id }) => id),
  );
  return { personId, nodes, evidence };
}

export interface PersonEvent {
  name: string;
  occurredAt: string;
  touchpoint: string;
  productId: string;
  orderId: string;
}

/** What the person did, the newest first; without the events that came with a no to the purpose. */
export async function eventsOfMember(
  { db, clickhouse }: Pick<Deps, 'db' | 'clickhouse'>,
  memberId: string,
  purpose: Purpose,
  { from, until }: { from: Date; until: Date },
): Promise<PersonEvent[]> {
  const personId = await agreedPerson(db, memberId, purpose);
  const found = await clickhouse.query({
    query: `
      select name, formatDateTime(occurred_at, '%FT%TZ') as occurredAt, touchpoint, product_id as productId, order_id as orderId
      from event_of_person
      where person_id = {personId: UUID} and occurred_at >= {from: DateTime64(3, 'UTC')}
        and occurred_at < {until: DateTime64(3, 'UTC')} and not is_bot
        and (not mapContains(consent, {purpose: String}) or consent[{purpose: String}])
      order by occurred_at desc, message_id limit ${EVENTS_MAX}`,
    query_params: { personId, purpose, from: inClickhouse(from), until: inClickhouse(until) },
    format: 'JSONEachRow',
  });
  return found.json<PersonEvent>();
}

const inClickhouse = (at: Date) => at.toISOString().slice(0, -1).replace('T', ' ');
