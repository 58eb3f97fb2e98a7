import { boardContents } from '#modules/boards/index.ts';
import { lookContents } from '#modules/looks/index.ts';
import { postContents } from '#modules/posts/index.ts';
import { reviewContents } from '#modules/reviews/index.ts';
import { commentContents, type Content } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

type Reader = (db: Db, ids: readonly string[]) => Promise<Map<string, Content>>;

/** Who keeps the words of a kind. A suggestion is one for a board, or a swap in a look. */
const READERS: Readonly<Record<string, readonly Reader[]>> = {
  board: [boardContents],
  pin: [boardContents],
  suggestion: [boardContents, lookContents],
  look: [lookContents],
  post: [postContents],
  review: [reviewContents],
  question: [reviewContents],
  answer: [reviewContents],
  comment: [commentContents],
};

/** What pieces say and show, whatever their kinds. */
export async function contentsOf(
  db: Db,
  pieces: readonly { id: string; kind: string }[],
): Promise<Map<string, Content>> {
  const asked = new Map<Reader, string[]>();
  for (const { id, kind } of pieces)
    for (const reader of READERS[kind] ?? []) asked.set(reader, [...(asked.get(reader) ?? []), id]);
  const found = await Promise.all([...asked].map(([read, ids]) => read(db, ids)));
  return new Map(found.flatMap((each) => [...each]));
}

/** The words of a piece as they are read by somebody: what is empty is left out. */
export const wordsOf = (content: Content | undefined): string =>
  (content?.words ?? []).filter((words) => words.trim() !== '').join('\n\n');
