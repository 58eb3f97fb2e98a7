import type { LookCard } from '#modules/looks/index.ts';
import { Picture } from '../components/Picture.tsx';
import { t } from '../messages.ts';

const SIZES = '(min-width: 82rem) 19rem, (min-width: 44rem) 30vw, 46vw';

/** Looks in a row or a grid, each by its picture. */
export function LookCards({ looks, byline = true }: { looks: readonly LookCard[]; byline?: boolean }) {
  return (
    <ul class="look-cards">
      {looks.map(({ id, title, ground, picture, owner, isDraft }) => (
        <li key={id}>
          <a href={isDraft ? `/looks/${id}/compose` : `/looks/${id}`} class="look-card">
            {picture ? (
              <Picture picture={picture} sizes={SIZES} alt="" />
            ) : (
              <span class="picture no-picture" style={{ backgroundColor: ground }} />
            )}
            <strong>{title || t('looks.untitled')}</strong>
          </a>
          {isDraft && <span class="tag">{t('looks.draft')}</span>}
          {byline && !isDraft && (
            <a class="soft small" href={`/@${owner.handle}`}>
              {t('boards.by', { name: owner.name })}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
