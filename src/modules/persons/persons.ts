import { sql } from 'kysely';
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
 * Those of the members who appear as a person, for one purpose. The one place that decides it: each account of theirs has to
 * agree at this moment, whatever was agreed when the events came. Of whom the graph knows nothing, the account stands alone.
 */
export async function membersAppearing(
  db: Db,
  memberIds: readonly string[],
  purpose: Purpose,
): Promise<Set<string>> {
  const ids = memberIds.map((id) => nodeId(memberNode(id)));
  const { rows } = await sql<{ member: string; account: string }>`
    select asked.value as member, account.value as account from persons.node asked
    join persons.node account on account.person_id = asked.person_id and account.kind = 'member'
    where asked.id = any(${ids}::uuid[])`.execute(db);
  const accounts = Map.groupBy(rows, ({ member }) => member);
  const agreeing = await membersConsenting(
    db,
    [...new Set([...memberIds, ...rows.map(({ account }) => account)])],
    purpose,
  );
  const isAgreed = (id: string) =>
    agreeing.has(id) && (accounts.get(id) ?? []).every(({ account }) => agreeing.has(account));
  return new Set(memberIds.filter(isAgreed));
}

/** Which person each of the members is, for who has found that they appear; the account itself where the graph knows nothing. */
export async function personsOfMembers(db: Db, memberIds: readonly string[]): Promise<Map<string, string>> {
  if (memberIds.length === 0) return new Map();
  const rows = await own(db)
    .selectFrom('persons.node')
    .select(['value', 'person_id as personId'])
    .where(
      'id',
      'in',
      memberIds.map((id) => nodeId(memberNode(id))),
    )
    .execute();
  const known = new Map(rows.map(({ value, personId }) => [value, personId]));
  return new Map(memberIds.map((id) => [id, known.get(id) ?? id]));
}

/** The person that a member is, where they appear as one. */
async function agreedPerson(db: Db, memberId: string, purpose: Purpose): Promise<string> {
  const node = await own(db)
    .selectFrom('persons.node')
    .select('person_id as personId')
    .where('id', '=', nodeId(memberNode(memberId)))
    .executeTakeFirst();
  if (!node?.personId) throw personsErrors.person_not_found({});
  const { personId } = node;
  const agreed = await membersAppearing(db, [memberId], purpose);
  if (!agreed.has(memberId)) throw personsErrors.consent_missing({ purpose });
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
