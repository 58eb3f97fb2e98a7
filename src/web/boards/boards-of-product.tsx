import type { BoardsWith } from '#read/boards-with.ts';
import { t } from '../messages.ts';
import { BoardCards } from './board-cards.tsx';

/** On a product's page: the boards that it is on, as the viewer may find them. */
export function BoardsOfProduct({ found: { boards, count, isExact } }: { found: BoardsWith }) {
  if (boards.length === 0) return null;
  return (
    <section class="wrap boards-of-product" id="boards" aria-labelledby="boards-title">
      <h2 id="boards-title">{t('boards.on_product.title')}</h2>
      <p class="soft">{t(isExact ? 'boards.on_product.count' : 'boards.on_product.more', { count })}</p>
      <BoardCards boards={boards} />
    </section>
  );
}
