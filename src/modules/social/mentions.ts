import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { membersOfHandles } from './people.ts';

const MENTION = /(?<![\w@])@([a-z0-9_]{3,30})\b/gi;
const MENTIONS_MAX = 10;

/** The handles in words of those who are there for the viewer: others are words and no links. */
export async function namedIn(
  db: Db,
  viewer: string | undefined,
  texts: readonly string[],
): Promise<Set<string>> {
  const handles = new Set(
    texts.flatMap((text) => [...text.matchAll(MENTION)].map(([, handle = '']) => handle.toLowerCase())),
  );
  if (handles.size === 0) return new Set();
  const { rows } = await sql<{ handle: string }>`
    select handle from social.profile where handle = any(${[...handles]})
      and (${viewer ?? null}::uuid is null or social.meet(member_id, ${viewer ?? null}::uuid))`.execute(db);
  return new Set(rows.map(({ handle }) => handle));
}

/** The members whom words mention, those who exist. */
export async function mentioned(db: Db, words: string): Promise<string[]> {
  const handles = new Set([...words.matchAll(MENTION)].map(([, handle = '']) => handle.toLowerCase()));
  const members = await membersOfHandles(db, [...handles].slice(0, MENTIONS_MAX));
  return [...members.values()];
}
