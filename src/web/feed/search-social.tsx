import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { peopleOf, type Person } from '#modules/social/index.ts';
import type { Deps } from '#platform/module.ts';
import { type BoardCard, boardCards } from '#read/board-page.ts';
import { searchSocial } from '#read/social-search.ts';
import { BoardCards } from '../boards/board-cards.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, Text } from '../page.ts';
import { PersonLink } from '../social/person.tsx';

const SIDES = ['products', 'boards', 'people'] as const;
type Side = (typeof SIDES)[number];

/** Boards and people, beside the products that the same words find. */
export const socialSearchPages: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  const querystring = Type.Object({
    q: Text(200),
    cursor: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  });
  app.get(
    '/search/boards',
    page('public', { querystring }),
    async ({ viewer: { memberId }, query: { q, cursor = 0 } }, reply) => {
      const asked = { words: q, kind: 'board', offset: cursor } as const;
      const { found, cursor: next } = await searchSocial(reads, memberId, asked);
      const ids = found.map(({ id }) => id);
      const boards = await boardCards(reads, memberId, ids);
      return reply.page((about) => (
        <FoundView page={about} side="boards" words={q} cursor={next} boards={boards} people={[]} />
      ));
    },
  );

  app.get(
    '/search/people',
    page('public', { querystring }),
    async ({ viewer: { memberId }, query: { q, cursor = 0 } }, reply) => {
      const asked = { words: q, kind: 'person', offset: cursor } as const;
      const { found, cursor: next } = await searchSocial(reads, memberId, asked);
      const ids = found.map(({ id }) => id);
      const known = await peopleOf(reads, memberId, ids);
      const people = ids.flatMap((id) => known.get(id) ?? []);
      return reply.page((about) => (
        <FoundView page={about} side="people" words={q} cursor={next} boards={[]} people={people} />
      ));
    },
  );
};

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
  side: 'boards' | 'people';
  words: string;
  cursor: number | null;
  boards: readonly BoardCard[];
  people: readonly Person[];
}

function FoundView({ page: about, side, words, cursor, boards, people }: Props) {
  const title = words ? t('search.title', { words }) : t('search.title.all');
  const isEmpty = boards.length + people.length === 0;
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
