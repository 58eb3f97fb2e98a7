import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Deps } from '#platform/module.ts';
import { boardCards } from '#read/board-page.ts';
import { popularBoards } from '#read/popular-boards.ts';
import { BoardCards } from '../boards/board-cards.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page } from '../page.ts';

/** Public boards on which much happened lately. */
export const popularBoardsPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  app.get('/boards', page('public'), async ({ viewer: { memberId } }, reply) => {
    const boards = await boardCards(reads, memberId, await popularBoards(reads, memberId));
    return reply.page((about) => (
      <Layout
        page={about}
        title={t('feed.boards.title')}
        description={t('feed.boards.lead')}
        canonical="/boards"
      >
        <div class="wrap">
          <header class="feed-head">
            <h1>{t('feed.boards.title')}</h1>
            <p class="lead">{t('feed.boards.lead')}</p>
            <p>
              <ButtonLink href="/boards/new" look="plain">
                {t('boards.new')}
              </ButtonLink>
            </p>
          </header>
          {boards.length === 0 ? (
            <EmptyState title={t('feed.boards.none')} text={t('boards.none.text')} />
          ) : (
            <BoardCards boards={boards} />
          )}
        </div>
      </Layout>
    ));
  });
};
