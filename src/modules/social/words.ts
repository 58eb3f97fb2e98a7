import { membersOfHandles } from './people.ts';
import type { Db } from '#platform/db.ts';
import { socialErrors } from './errors.ts';

/** What a member typed, as it is kept: one kind of line end, no controls, nothing invisible that turns text around. */
export function cleanWords(typed: string, lengthMax: number): string {
  const words = typed
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\p{Cc}\u200B\u2028-\u202E\u2060-\u2069\uFEFF]/gu, (found) => (found === '\n' ? found : ''))
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  if (words === '') throw socialErrors.words_missing({});
  if (words.length > lengthMax) throw socialErrors.words_too_long({ lengthMax });
  return words;
}

const MENTION = /(?<![\w@])@([a-z0-9_]{3,30})\b/gi;
const MENTIONS_MAX = 10;

/** The members whom words mention, those who exist. */
export async function mentioned(db: Db, words: string): Promise<string[]> {
  const handles = new Set([...words.matchAll(MENTION)].map(([, handle = '']) => handle.toLowerCase()));
  const members = await membersOfHandles(db, [...handles].slice(0, MENTIONS_MAX));
  return [...members.values()];
}
