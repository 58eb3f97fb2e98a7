import type { BoardCard } from '#read/board-page.ts';
import { Picture } from '../components/Picture.tsx';
import { t } from '../messages.ts';

export const boardPath = ({ id, linkKey }: Pick<BoardCard, 'id' | 'linkKey'>) =>
  `/boards/${id}${linkKey ? `?key=${linkKey}` : ''}`;

/** Boards by the first pictures of what is on them. */
export function BoardCards({ boards, byline = true }: { boards: readonly BoardCard[]; byline?: boolean }) {
  return (
    <ul class="board-cards">
      {boards.map((board) => (
        <li key={board.id} class="board-card">
          <a href={boardPath(board)} class="board-card-link">
            <span class="board-mosaic" data-pictures={Math.min(board.pictures.length, 4)}>
              {board.pictures.slice(0, 4).map((picture) => (
                <Picture
                  key={picture.sha256}
                  picture={picture}
                  sizes="(min-width: 44rem) 12rem, 40vw"
                  alt=""
                />
              ))}
            </span>
            <strong>{board.name}</strong>
          </a>
          <p class="soft small">
            {t('boards.pins', { count: board.pinCount })}
            {board.visibility !== 'public' && ` · ${t(`boards.visibility.${board.visibility}`)}`}
            {byline && (
              <>
                {' · '}
                <a href={`/@${board.owner.handle}`}>{board.owner.name}</a>
              </>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
