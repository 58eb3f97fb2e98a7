import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { answerSuggestion, boardsOf, suggest, takeSuggestions } from '../modules/boards/index.ts';
import { invite, join, say } from '../modules/social/index.ts';
import type { DemoProduct } from './products.ts';

interface Makers {
  members: ReadonlyMap<string, string>;
  products: readonly DemoProduct[];
}

/** What is suggested for Ada's kitchen: by whom, what it is called in the catalogue, why. The first is accepted. */
const IDEAS = [
  ['carmen', 'teapot', 'It stays hot through the whole paper, and the spout does not drip.'],
  ['oscar', 'wall clock', 'Quieter than the one you saved. I have slept in the same room.'],
] as const;

/** Bram makes a board with Ada, who asks for suggestions and has two. Done once; what people changed since stays. */
export async function together(tx: Tx, { members, products }: Makers, now: Date): Promise<void> {
  const idOfHandle = (handle: string) => members.get(handle) ?? '';
  const [ada, bram] = [idOfHandle('ada'), idOfHandle('bram')];
  const kitchen = (await boardsOf(tx, ada, ada)).find(({ name }) => name === 'Kitchen');
  if (!kitchen || (await boardsOf(tx, bram, bram)).some(({ id }) => id === kitchen.id)) return;
  const boardId = kitchen.id;
  await takeSuggestions(tx, ada, boardId, 'anyone');
  await invite(tx, ada, { pieceId: boardId, handle: 'bram', role: 'editor' }, now);
  await join(tx, bram, boardId, now);
  for (const [place, [handle, noun, reason]] of IDEAS.entries()) {
    const productId = products.find(({ range }) => range.noun === noun)?.record.id;
    if (productId === undefined) continue; // a small shop has not everything
    const id = idOf('demo:suggestion', noun);
    const thing = { kind: 'product', productId } as const;
    await suggest(tx, { memberId: idOfHandle(handle) }, { id, boardId, reason, thing }, now);
    const accepted = { answer: 'accepted', pinId: idOf('demo:pin', `suggested ${noun}`) } as const;
    if (place === 0) await answerSuggestion(tx, ada, id, accepted, now);
  }
  const body = 'The jug, yes. It was on my list too until I saw it on yours.';
  await say(tx, { memberId: bram }, { id: idOf('demo:said', body), subjectId: boardId, body }, now);
}
