import { sql } from 'kysely';
import { type ProductInShop } from '#modules/catalog/index.ts';
import { type Actor, record } from '#modules/identity/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { hasCode } from '#platform/start-fault.ts';
import { reviewErrors } from './errors.ts';
import type { ReviewsAspectKind } from './tables.ts';

export const ASPECT_OPTIONS_MAX = 20;
export const ASPECT_WORDS_MAX = 60;
const UNIQUE_VIOLATION = '23505';

/** What a form asks beside stars and words. */
export interface Aspect {
  id: string;
  /** Null: of every product. */
  categoryId: string | null;
  /** A dimension is rated in stars; a trait is what the author is, or uses it for. */
  kind: ReviewsAspectKind;
  code: string;
  name: string;
  /** Of a dimension what one and five stars mean; of a trait what one chooses from. */
  options: string[];
  position: number;
}

const columns = sql`id, category_id as "categoryId", kind, code, name, options, position`;

/** All of them, as the desk sees them. */
export async function aspects(db: Db): Promise<Aspect[]> {
  const { rows } = await sql<Aspect>`
    select ${columns} from reviews.aspect order by category_id nulls first, kind, position, code`.execute(db);
  return rows;
}

/** What is asked of a product: of the same code the nearest category's. */
export async function aspectsOf(
  db: Db,
  { categoryIds }: Pick<ProductInShop, 'categoryIds'>,
): Promise<Aspect[]> {
  const { rows } = await sql<Aspect>`
    select * from (
      select distinct on (code) ${columns} from reviews.aspect
      where category_id is null or category_id = any(${categoryIds}::uuid[])
      order by code, array_position(${categoryIds}::uuid[], category_id) nulls last
    ) as nearest order by kind, position, code`.execute(db);
  return rows;
}

/** Sets what is asked; the id is the caller's, and the same again changes nothing. What was answered before stays with the reviews. */
export async function putAspect(tx: Tx, actor: Actor, aspect: Aspect): Promise<void> {
  const { id, categoryId, kind, code, name, position } = aspect;
  const options = aspect.options.map((option) => option.trim()).filter((option) => option !== '');
  const isRight = kind === 'trait' ? options.length >= 2 : options.length === 2;
  if (!isRight || new Set(options).size < options.length || name.trim() === '')
    throw reviewErrors.aspect_invalid({});
  try {
    const { rows } = await sql`
      insert into reviews.aspect as known (id, category_id, kind, code, name, options, position)
      values (${id}, ${categoryId}::uuid, ${kind}, ${code}, ${name.trim()}, ${options}::text[], ${position})
      on conflict (id) do update set category_id = excluded.category_id, kind = excluded.kind, code = excluded.code,
        name = excluded.name, options = excluded.options, position = excluded.position
      where (known.category_id, known.kind, known.code, known.name, known.options, known.position)
        is distinct from (excluded.category_id, excluded.kind, excluded.code, excluded.name, excluded.options, excluded.position)
      returning known.id`.execute(tx);
    if (rows.length > 0) await record(tx, actor, 'aspect_set', `aspect:${id}`, { kind, code });
  } catch (error) {
    if (hasCode(error, UNIQUE_VIOLATION)) throw reviewErrors.aspect_taken({});
    throw error;
  }
}

/** Asks it no more; what was answered stays with the reviews. */
export async function dropAspect(tx: Tx, actor: Actor, id: string): Promise<void> {
  const { rows } = await sql<{ kind: string; code: string }>`
    delete from reviews.aspect where id = ${id} returning kind, code`.execute(tx);
  const [dropped] = rows;
  if (dropped)
    await record(tx, actor, 'aspect_dropped', `aspect:${id}`, { kind: dropped.kind, code: dropped.code });
}

/** What somebody marked, once it is known to be asked. */
export function refuseUnasked(
  asked: readonly Aspect[],
  dimensions: Record<string, number>,
  traits: Record<string, string>,
): void {
  const of = (kind: ReviewsAspectKind, code: string) =>
    asked.find((aspect) => aspect.kind === kind && aspect.code === code);
  for (const [code, stars] of Object.entries(dimensions))
    if (!of('dimension', code) || !Number.isInteger(stars) || stars < 1 || stars > 5)
      throw reviewErrors.mark_unknown({ code });
  for (const [code, value] of Object.entries(traits))
    if (!of('trait', code)?.options.includes(value)) throw reviewErrors.mark_unknown({ code });
}

/** What a member said of themselves last. */
export async function traitsOf(db: Db, memberId: string): Promise<Record<string, string>> {
  const { rows } = await sql<{ traits: Record<string, string> }>`
    select coalesce(jsonb_object_agg(code, value), '{}') as traits from reviews.member_trait
    where member_id = ${memberId}`.execute(db);
  return rows[0]?.traits ?? {};
}

/** Keeps what a member says of themselves; an empty answer forgets it. */
export async function keepTraits(tx: Tx, memberId: string, traits: Record<string, string>): Promise<void> {
  for (const [code, value] of Object.entries(traits).sort(([one], [other]) => (one < other ? -1 : 1)))
    await (
      value === ''
        ? sql`delete from reviews.member_trait where member_id = ${memberId} and code = ${code}`
        : sql`insert into reviews.member_trait (member_id, code, value) values (${memberId}, ${code}, ${value})
          on conflict (member_id, code) do update set value = excluded.value`
    ).execute(tx);
}
