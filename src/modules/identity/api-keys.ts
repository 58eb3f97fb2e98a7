import { randomBytes } from 'node:crypto';
import type { Db, Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { type Actor, record } from './audit.ts';
import { identityErrors } from './errors.ts';
import { own } from './own.ts';
import { hashOfKey } from './viewer.ts';

/** What a key may be made for. Routes ask for these by `scope:…`. */
export const SCOPES = [
  'catalog:read',
  'catalog:write',
  'inventory:read',
  'inventory:write',
  'orders:read',
  'orders:write',
  'orders:enter',
  'fulfilment:read',
  'fulfilment:write',
  'webhooks:write',
  'exports:read',
  'insight:read',
  'insight:write',
  'persons:read',
  'persons:write',
] as const;

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const PREFIX_LENGTH = 'stoa_'.length + 6;

/** Makes a key and answers it, this once: only its hash is kept. */
export async function addApiKey(
  tx: Tx,
  { actor, memberId }: { actor: Actor; memberId: string | undefined },
  wish: { name: string; scopes: string[]; expiresAt: Date | null },
): Promise<{ id: string; key: string; prefix: string }> {
  const unknown = wish.scopes.find((scope) => !SCOPES.some((known) => known === scope));
  if (unknown !== undefined) throw identityErrors.scope_unknown({ scope: unknown });
  const id = newId();
  const key = `stoa_${randomBytes(32).toString('base64url')}`;
  const prefix = key.slice(0, PREFIX_LENGTH);
  const scopes = [...new Set(wish.scopes)];
  await own(tx)
    .insertInto('identity.api_key')
    .values({
      id,
      name: wish.name,
      prefix,
      key_hash: hashOfKey(key),
      scopes,
      created_by: memberId ?? null,
      expires_at: wish.expiresAt,
    })
    .execute();
  await record(tx, actor, 'key_added', `machine:${id}`, { scopes });
  return { id, key, prefix };
}

/** The newest first, those that were revoked among them. */
export async function apiKeys(db: Db): Promise<ApiKey[]> {
  return own(db)
    .selectFrom('identity.api_key')
    .select([
      'id',
      'name',
      'prefix',
      'scopes',
      'created_at as createdAt',
      'expires_at as expiresAt',
      'last_used_at as lastUsedAt',
      'revoked_at as revokedAt',
    ])
    .orderBy('created_at', 'desc')
    .limit(1000)
    .execute();
}

/** From the next request on the key opens nothing. */
export async function revokeApiKey(tx: Tx, actor: Actor, id: string, now: Date): Promise<void> {
  const revoked = await own(tx)
    .updateTable('identity.api_key')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!revoked) throw identityErrors.api_key_unknown({});
  await record(tx, actor, 'key_revoked', `machine:${id}`);
}
