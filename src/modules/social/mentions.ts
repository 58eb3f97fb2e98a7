import type { Db } from '#platform/db.ts';
import { membersOfHandles } from './people.ts';

const MENTION = /(?<![\w@])@([a-z0-9_]{3,30})\b/gi;
const MENTIONS_MAX = 10;

/** The members whom words mention, those who exist. */
export async function mentioned(db: Db, words: string): Promise<string[]> {
  const handles = new Set([...words.matchAll(MENTION)].map(([, handle = '']) => handle.toLowerCase()));
  const members = await membersOfHandles(db, [...handles].slice(0, MENTIONS_MAX));
  return [...members.values()];
}
