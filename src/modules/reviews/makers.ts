import { sql } from 'kysely';
import { productInShop } from '#modules/catalog/index.ts';
import {
  type Actor,
  namesOf,
  organizations,
  organizationsOf,
  record,
  teamOf,
} from '#modules/identity/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { hasCode } from '#platform/start-fault.ts';
import { reviewErrors } from './errors.ts';

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

/** That an organization speaks for a brand, from a moment on. */
export interface BrandVoiceWish {
  id: string;
  brandId: string;
  organizationId: string;
}

/** Lets a maker speak for a brand from now on. The same id again is a retry. */
export async function letSpeak(tx: Tx, actor: Actor, wish: BrandVoiceWish, now: Date): Promise<void> {
  const { id, brandId, organizationId } = wish;
  const organization = (await organizations(tx)).find((each) => each.id === organizationId);
  if (!organization?.roles.includes('maker')) throw reviewErrors.not_a_maker({});
  try {
    const { rows } = await sql<{ isNew: boolean }>`
      insert into reviews.brand_voice (id, brand_id, organization_id, from_at)
      values (${id}, ${brandId}, ${organizationId}, ${now}) on conflict (id) do nothing
      returning true as "isNew"`.execute(tx);
    if (rows.length === 0) return await refuseOther(tx, wish);
  } catch (error) {
    if (hasCode(error, UNIQUE_VIOLATION)) throw reviewErrors.speaks_already({});
    if (hasCode(error, FOREIGN_KEY_VIOLATION)) throw reviewErrors.brand_not_found({});
    throw error;
  }
  await record(tx, actor, 'brand_voice_set', `organization:${organizationId}`, { brandId });
}

async function refuseOther(tx: Tx, { id, brandId, organizationId }: BrandVoiceWish): Promise<void> {
  const { rows } = await sql`
    select from reviews.brand_voice where id = ${id} and brand_id = ${brandId}
      and organization_id = ${organizationId}`.execute(tx);
  if (rows.length === 0) throw reviewErrors.speaks_already({});
}

/** From now on they say nothing new for the brand; what they said stays. Again is a retry. */
export async function endVoice(tx: Tx, actor: Actor, id: string, now: Date): Promise<void> {
  const { rows } = await sql<{ brandId: string; organizationId: string }>`
    update reviews.brand_voice set until_at = greatest(${now}::timestamptz, from_at)
    where id = ${id} and until_at is null
    returning brand_id as "brandId", organization_id as "organizationId"`.execute(tx);
  const [ended] = rows;
  if (ended)
    return record(tx, actor, 'brand_voice_ended', `organization:${ended.organizationId}`, {
      brandId: ended.brandId,
    });
  const { rows: known } = await sql`select from reviews.brand_voice where id = ${id}`.execute(tx);
  if (known.length === 0) throw reviewErrors.voice_not_found({});
}

export interface BrandVoice extends BrandVoiceWish {
  organization: string;
  fromAt: Date;
  untilAt: Date | null;
}

const VOICES_MAX = 1000;

/** Who speaks for which brand, and who did: those that go on first. */
export async function brandVoices(db: Db): Promise<BrandVoice[]> {
  const { rows } = await sql<Omit<BrandVoice, 'organization'>>`
    select id, brand_id as "brandId", organization_id as "organizationId", from_at as "fromAt", until_at as "untilAt"
    from reviews.brand_voice order by until_at desc nulls first, from_at desc, id limit ${VOICES_MAX}`.execute(
    db,
  );
  const names = new Map((await organizations(db)).map(({ id, name }) => [id, name]));
  return rows.map((row) => ({ ...row, organization: names.get(row.organizationId) ?? '' }));
}

/** A brand that somebody speaks for, and by what organization of theirs. */
export interface Spoken {
  brandId: string;
  organizationId: string;
  organization: string;
}

/** What a member speaks for as one of a maker's people. */
export async function spokenFor(db: Db, memberId: string, now: Date): Promise<Spoken[]> {
  const mine = new Map((await organizationsOf(db, memberId)).map(({ id, name }) => [id, name]));
  if (mine.size === 0) return [];
  const { rows } = await sql<Omit<Spoken, 'organization'>>`
    select brand_id as "brandId", organization_id as "organizationId" from reviews.brand_voice
    where organization_id = any(${[...mine.keys()]}::uuid[]) and ${goesOn(now)}
    order by brand_id, from_at, id`.execute(db);
  return rows.map((row) => ({ ...row, organization: mine.get(row.organizationId) ?? '' }));
}

const goesOn = (now: Date) => sql`from_at <= ${now} and (until_at is null or until_at > ${now})`;

/**
 * For which organization a member speaks of a product, which then goes on speaking for its brand until the transaction
 * ends; undefined where they speak for nobody.
 */
export async function makerFor(
  tx: Tx,
  memberId: string,
  productId: string,
  now: Date,
): Promise<string | undefined> {
  const product = await productInShop(tx, { id: productId });
  const mine = (await organizationsOf(tx, memberId)).map(({ id }) => id);
  if (!product?.brandId || mine.length === 0) return undefined;
  const { rows } = await sql<{ organizationId: string }>`
    select organization_id as "organizationId" from reviews.brand_voice
    where brand_id = ${product.brandId} and organization_id = any(${mine}::uuid[]) and ${goesOn(now)}
    order by from_at, id limit 1 for share`.execute(tx);
  return rows[0]?.organizationId;
}

/** Of all that speak for a brand so many are told of a question. */
const SPEAKERS_TOLD_MAX = 50;

/** The people of the makers that speak for a brand now: those who have been there longest first. */
export async function speakersFor(db: Db, brandId: string, now: Date): Promise<string[]> {
  const { rows } = await sql<{ organizationId: string }>`
    select organization_id as "organizationId" from reviews.brand_voice
    where brand_id = ${brandId} and ${goesOn(now)} order by from_at, id`.execute(db);
  const people: string[] = [];
  for (const { organizationId } of rows) {
    if (people.length >= SPEAKERS_TOLD_MAX) break;
    people.push(...(await teamOf(db, organizationId)).map(({ memberId }) => memberId));
  }
  return [...new Set(people)].slice(0, SPEAKERS_TOLD_MAX);
}

/** What makers that answered are called, by their ids. */
export async function makersNamed(
  db: Db,
  organizationIds: readonly (string | null)[],
): Promise<Map<string | null, string>> {
  const ids = [...new Set(organizationIds.flatMap((id) => id ?? []))];
  if (ids.length === 0) return new Map();
  const names = await namesOf(
    db,
    ids.map((id) => `organization:${id}`),
  );
  return new Map(ids.map((id) => [id, names.get(`organization:${id}`) ?? '']));
}
