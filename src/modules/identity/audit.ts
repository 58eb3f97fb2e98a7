import { sql } from 'kysely';
import type { Viewer } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { own } from './own.ts';

/** What the trail tells of. */
export const AUDIT_ACTIONS = [
  'signed_up',
  'signed_in',
  'signed_out',
  'signed_out_everywhere',
  'network_joined',
  'password_reset',
  'passkey_removed',
  'address_change_asked',
  'address_changed',
  'member_erased',
  'organization_added',
  'team_invited',
  'invitation_withdrawn',
  'team_joined',
  'roles_changed',
  'team_left',
  'key_added',
  'key_revoked',
  'gift_card_issued',
  'credit_granted',
  'account_blocked',
  'account_freed',
  'account_corrected',
  'give_limit_set',
  'fee_rate_set',
  'fee_corrected',
  'refund_made',
  'refund_seen_to',
  'webhook_set',
  'webhook_secret_changed',
  'units_cancelled',
  'receipt_resent',
  'exchange_ended',
  'exchange_charged',
  'return_rule_set',
  'register_set',
  'goods_taken_in',
  'currency_sold',
  'currency_not_sold',
  'price_list_set',
  'prices_set',
  'price_changed',
  'brand_voice_set',
  'brand_voice_ended',
  'aspect_set',
  'aspect_dropped',
  'review_settings_set',
  'quality_muted',
  'satisfaction_rule_set',
  'satisfaction_settings_set',
  'contact_rate_set',
  'moderated',
  'source_set',
  'source_revoked',
  'letter_replayed',
  'letter_dismissed',
  'merge_undone',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Who did it, as the audit trail writes it. */
export type Actor = 'system' | 'guest' | `member:${string}` | `machine:${string}`;

export interface AuditEntry {
  id: number;
  at: Date;
  actor: string;
  action: AuditAction;
  subject: string | null;
  data: unknown;
}

export function actorOf({ kind, memberId, keyId }: Viewer): Actor {
  if (kind === 'member' && memberId) return `member:${memberId}`;
  if (kind === 'machine' && keyId) return `machine:${keyId}`;
  return 'guest';
}

/** Writes what happened beside the change itself. `data` holds ids and facts, never a name or an address. */
export async function record(
  tx: Tx,
  actor: Actor,
  action: AuditAction,
  subject: string | undefined,
  data: Record<string, string | number | boolean | string[]> = {},
): Promise<void> {
  await own(tx)
    .insertInto('identity.audit')
    .values({ actor, action, subject: subject ?? null, data: JSON.stringify(data) })
    .execute();
}

export interface AuditQuery {
  /** Any of these did it, or had it done to them. */
  people?: readonly string[] | undefined;
  action?: AuditAction | undefined;
  /** From this moment on, and until before that one. */
  from?: Date | undefined;
  until?: Date | undefined;
  /** The entry that the page before ended with. */
  before?: number | undefined;
  limit: number;
}

/** The newest first, from before the entry `before`. */
export async function auditTrail(
  db: Db,
  { people, action, from, until, before, limit }: AuditQuery,
): Promise<AuditEntry[]> {
  let query = own(db).selectFrom('identity.audit').select(['id', 'at', 'actor', 'action', 'subject', 'data']);
  if (people) {
    query = query.where((eb) => eb.or([eb('actor', 'in', people), eb('subject', 'in', people)]));
  }
  if (action) query = query.where('action', '=', action);
  if (from) query = query.where('at', '>=', from);
  if (until) query = query.where('at', '<', until);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).$castTo<AuditEntry>().execute();
}

const PEOPLE_MAX = 50;

/** Who is meant by a part of a name or of an e-mail address, or of a key's name, as the trail writes them. */
export async function peopleLike(db: Db, words: string): Promise<string[]> {
  const pattern = `%${words.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const { rows } = await sql<{ person: string }>`
    (select 'member:' || id as person from identity.member
      where name ilike ${pattern} or email ilike ${pattern} order by id limit ${PEOPLE_MAX})
    union all
    (select 'machine:' || id from identity.api_key where name ilike ${pattern} order by id limit ${PEOPLE_MAX})`.execute(
    db,
  );
  return rows.map(({ person }) => person);
}

/** What those whom the trail names are called now; who was erased is missing. */
export async function namesOf(db: Db, people: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ person: string; name: string }>`
    select person, coalesce(m.name, k.name, o.name, i.email) as name
    from unnest(${people}::text[]) as person
    left join identity.member m on person = 'member:' || m.id and m.erased_at is null
    left join identity.api_key k on person = 'machine:' || k.id
    left join identity.organization o on person = 'organization:' || o.id
    left join identity.invitation i on person = 'invitation:' || i.id
    where coalesce(m.name, k.name, o.name, i.email) is not null`.execute(db);
  return new Map(rows.map(({ person, name }) => [person, name]));
}
