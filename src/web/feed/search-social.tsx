import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type LookCard, looksIn } from '#modules/looks/index.ts';
import { type PostCard, postCards } from '#modules/posts/index.ts';
import { peopleOf, type Person } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { type BoardCard, boardCards } from '#read/board-page.ts';
import { searchSocial } from '#read/social-search.ts';
import { BoardCards } from '../boards/board-cards.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Layout } from '../layout.tsx';
import { LookCards } from '../looks/look-cards.tsx';
import { t } from '../messages.ts';
import { page, type Page, Text } from '../page.ts';
import { PostCards } from '../posts/post-cards.tsx';
import { PersonLink } from '../social/person.tsx';

const KINDS = { boards: 'board', looks: 'look', posts: 'post', people: 'person' } as const;
type FoundSide = keyof typeof KINDS;
const FOUND_SIDES = Object.keys(KINDS) as FoundSide[];
type Side = 'products' | FoundSide;
const SIDES: readonly Side[] = ['products', ...FOUND_SIDES];

/** What of one kind was found: one of the lists has the rest. */
interface Found {
  boards: readonly BoardCard[];
  looks: readonly LookCard[];
  posts: readonly PostCard[];
  people: readonly Person[];
}

/** Boards, looks, posts and people, beside the products that the same words find. */
export const socialSearchPages: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  const querystring = Type.Object({
    q: Text(200),
    cursor: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  });
  for (const side of FOUND_SIDES) {
    app.get(
      `/search/${side}`,
      page('public', { querystring }),
      async ({ viewer: { memberId }, query: { q, cursor = 0 } }, reply) => {
        const asked = { words: q, kind: KINDS[side], offset: cursor };
        const { found, cursor: next } = await searchSocial(reads, memberId, asked);
        const ids = found.map(({ id }) => id);
        const shown = await shownOf(reads, memberId, side, ids);
        return reply.page((about) => (
          <FoundView page={about} side={side} words={q} cursor={next} found={shown} />
        ));
      },
    );
  }
};

async function shownOf(
  reads: Db,
  viewer: string | undefined,
  side: FoundSide,
  ids: readonly string[],
): Promise<Found> {
  const none: Found = { boards: [], looks: [], posts: [], people: [] };
  if (side === 'boards') return { ...none, boards: await boardCards(reads, viewer, ids) };
  if (side === 'looks') return { ...none, looks: await looksIn(reads, viewer, ids) };
  if (side === 'posts') return { ...none, posts: await postCards(reads, viewer, ids) };
  const known = await peopleOf(reads, viewer, ids);
  return { ...none, people: ids.flatMap((id) => known.get(id) ?? []) };
}

/** What the same words find elsewhere. */
export function SearchTabs({ words, on }: { words: string; on: Side }) {
  return (
    <nav class="board-sections" aria-label={t('search.tabs')}>
      {SIDES.map((side) => (
        <a
          key={side}
          href={`/search${side === 'products' ? '' : `/${side}`}?q=${encodeURIComponent(words)}`}
          aria-current={side === on ? 'page' : undefined}
        >
          {t(`search.tab.${side}`)}
        </a>
      ))}
    </nav>
  );
}

interface Props {
  page: Page;
  side: FoundSide;
  words: string;
  cursor: number | null;
  found: Found;
}

function FoundView({ page: about, side, words, cursor, found }: Props) {
  const { boards, looks, posts, people } = found;
  const title = words ? t('search.title', { words }) : t('search.title.all');
  const isEmpty = found[side].length === 0;
  return (
    <Layout page={about} title={title} canonical={`/search/${side}`} index={false}>
      <div class="wrap">
        <header class="feed-head">
          <h1>{title}</h1>
          <SearchTabs words={words} on={side} />
        </header>
        {isEmpty && (
          <EmptyState title={t(`search.none.${side}`)} text={t('search.none.text')}>
            <ButtonLink href="/boards">{t('feed.home.none.go')}</ButtonLink>
          </EmptyState>
        )}
        {boards.length > 0 && <BoardCards boards={boards} />}
        {looks.length > 0 && <LookCards looks={looks} />}
        {posts.length > 0 && <PostCards posts={posts} />}
        {people.length > 0 && (
          <ul class="people">
            {people.map((person) => (
              <li key={person.memberId}>
                <PersonLink person={person} size={48} />
                {person.bio && <p class="soft small">{person.bio}</p>}
              </li>
            ))}
          </ul>
        )}
        {cursor !== null && (
          <div class="pages">
            <ButtonLink href={`/search/${side}?q=${encodeURIComponent(words)}&cursor=${cursor}`} look="plain">
              {t('feed.more')}
            </ButtonLink>
          </div>
        )}
      </div>
    </Layout>
  );
}
