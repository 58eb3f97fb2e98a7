import type { ComponentChildren } from 'preact';
import type { Profile } from '#modules/social/index.ts';
import { COUNTED_MAX, type MadeKind, type ReviewLine } from '#read/made-by.ts';
import { Picture } from '../components/Picture.tsx';
import { Stars } from '../components/Stars.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { Words } from './words.tsx';

export const PROFILE_TABS = { boards: 'board', looks: 'look', posts: 'post', reviews: 'review' } as const;
export type ProfileTab = keyof typeof PROFILE_TABS;

interface TabsProps {
  page: Page;
  profile: Profile;
  on: ProfileTab;
  counts: Record<MadeKind, number>;
}

/** What somebody made, by kind, each with how many the viewer may find. */
export function ProfileTabs({ page: { format }, profile: { handle }, on, counts }: TabsProps) {
  return (
    <nav class="board-sections" aria-label={t('people.tabs')}>
      {(Object.keys(PROFILE_TABS) as ProfileTab[]).map((tab) => {
        const count = counts[PROFILE_TABS[tab]];
        return (
          <a
            key={tab}
            href={tab === 'boards' ? `/@${handle}` : `/@${handle}/${tab}`}
            aria-current={tab === on ? 'page' : undefined}
          >
            {t(`people.tab.${tab}`)}{' '}
            <small>
              {format.number(count)}
              {count >= COUNTED_MAX && '+'}
            </small>
          </a>
        );
      })}
    </nav>
  );
}

/** Where a list goes on. */
export function More({ href, children }: { href: string | undefined; children: ComponentChildren }) {
  if (href === undefined) return null;
  return (
    <p class="pages">
      <a class="button plain" href={href}>
        {children}
      </a>
    </p>
  );
}

/** What somebody said of products. */
export function ReviewLines({ page: { format }, reviews }: { page: Page; reviews: readonly ReviewLine[] }) {
  return (
    <ul class="review-lines">
      {reviews.map(({ id, rating, title, body, writtenAt, card }) => (
        <li key={id} class="review-line">
          {card && (
            <a href={`/p/${card.slug}`} class="review-line-thing">
              <Picture picture={card.picture} sizes="6rem" alt="" />
              <strong>{card.title}</strong>
            </a>
          )}
          <div>
            <Stars rating={rating} format={format} />
            {title && <p class="feed-title">{title}</p>}
            {body && <Words text={body} />}
            <p class="soft small">{format.date(writtenAt)}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
