import { sql } from 'kysely';
import { actorOf, record } from '#modules/identity/index.ts';
import { setMinimumAge, setTermsVersion } from '#modules/social/index.ts';
import type { Viewer } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import type { SafetyLegalKind } from './tables.ts';

export const LEGAL_KINDS = [
  'imprint',
  'terms',
  'privacy',
  'reviews',
  'ranking',
] as const satisfies SafetyLegalKind[];
export type LegalKind = SafetyLegalKind;
export const LEGAL_MAX = 40_000;

export interface LegalText {
  kind: LegalKind;
  version: number;
  body: string;
  setAt: Date;
}

/** How old members say that they are before their first word; null: they are not asked. */
export async function setAgeAsked(tx: Tx, viewer: Viewer, age: number | null): Promise<void> {
  await setMinimumAge(tx, age);
  await record(tx, actorOf(viewer), 'moderated', undefined, { act: 'minimum_age', age: age ?? 'none' });
}

/** The text of a kind that counts; undefined where the shop has said nothing. */
export async function legalText(db: Db, kind: LegalKind): Promise<LegalText | undefined> {
  const { rows } = await sql<LegalText>`
    select kind, version, body, set_at as "setAt" from safety.legal_text where kind = ${kind}
    order by version desc limit 1`.execute(db);
  return rows[0];
}

/** Of which kinds there is a text, in their order. */
export async function legalKinds(db: Db): Promise<LegalKind[]> {
  const { rows } = await sql<{ kind: LegalKind }>`
    select distinct kind from safety.legal_text order by kind`.execute(db);
  return rows.map(({ kind }) => kind);
}

/** Says it anew; the same again is no new version. Of terms that are agreed to, members agree to the new ones. */
export async function setLegalText(
  tx: Tx,
  viewer: Viewer,
  { kind, body, isAgreedTo = false }: { kind: LegalKind; body: string; isAgreedTo?: boolean },
  now: Date,
): Promise<void> {
  // Two who write at once write one after the other: versions have no gaps and none is lost.
  await sql`select pg_advisory_xact_lock(hashtextextended('safety.legal_text', 0))`.execute(tx);
  const known = await legalText(tx, kind);
  const words = body.replaceAll(/\r\n?/g, '\n').trim();
  const version = known?.body === words ? known.version : (known?.version ?? 0) + 1;
  if (version !== known?.version) {
    await sql`
      insert into safety.legal_text (kind, version, body, set_by, set_at)
      values (${kind}, ${version}, ${words}, ${viewer.memberId ?? ''}, ${now})`.execute(tx);
    await record(tx, actorOf(viewer), 'moderated', undefined, { act: 'legal_text', kind, version });
  }
  if (kind === 'terms') await setTermsVersion(tx, isAgreedTo ? version : 0);
}
