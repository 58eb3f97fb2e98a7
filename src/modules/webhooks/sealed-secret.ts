import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { own } from './own.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = 'sealed1:';

/** A key of its own follows from the installation's secret: who has the database alone can sign nothing. */
const keyOf = (secret: string) =>
  Buffer.from(hkdfSync('sha256', secret, '', 'stoa webhook endpoint secrets', 32));

/** As it is stored. It opens for its endpoint only, so that nobody can put another one's in its place. */
export function sealed(plain: string, endpointId: string, secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(secret), nonce).setAAD(Buffer.from(endpointId));
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return `${FORM}${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
}

/** Undefined where the installation has another secret now: the endpoint then needs a new one, too. */
export function opened(stored: string, endpointId: string, secret: string): string | undefined {
  // Written by a process of an earlier release that ran on beside this one; the next start seals it.
  if (!stored.startsWith(FORM)) return stored;
  const bytes = Buffer.from(stored.slice(FORM.length), 'base64url');
  try {
    const decipher = createDecipheriv(CIPHER, keyOf(secret), bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(endpointId))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Seals what an earlier release stored as it was. A start does this before anything is sent. */
export async function sealStoredSecrets(tx: Tx, secret: string): Promise<void> {
  const bare = await own(tx)
    .selectFrom('webhooks.endpoint')
    .select(['id', 'secret', 'old_secret as oldSecret'])
    .where(sql<boolean>`not starts_with(secret, ${FORM}) or not starts_with(old_secret, ${FORM})`)
    .orderBy('id')
    .forUpdate()
    .execute();
  const seal = (text: string, id: string) => (text.startsWith(FORM) ? text : sealed(text, id, secret));
  for (const { id, secret: now, oldSecret } of bare) {
    await own(tx)
      .updateTable('webhooks.endpoint')
      .set({ secret: seal(now, id), old_secret: oldSecret === null ? null : seal(oldSecret, id) })
      .where('id', '=', id)
      .execute();
  }
}
