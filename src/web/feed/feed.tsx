import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { LESS_KINDS, seeAgain, seeLess } from '#modules/feed/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { type FeedPage, FRIENDS_CURSOR, friendsFeed, HOME_CURSOR, homeFeed, seedAt } from '#read/feed.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { localPath, page, type Page, sendOn, Text } from '../page.ts';
import { FeedCards } from './feed-cards.tsx';

const CURSOR_MAX = 1500;

/** What somebody may like, and what their friends saved. */
export const feedPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  const querystring = Type.Object({ cursor: Type.Optional(Text(CURSOR_MAX)) });
  app.get(
    '/feed',
    page('public', { querystring }),
    async ({ viewer: { memberId }, query: { cursor }, currency }, reply) => {
      const asked = {
        cursor: HOME_CURSOR.exec(cursor ?? '')?.[0],
        prices: currency.prices,
        seed: seedAt(now()),
        keepSeconds: deps.config.keepSeconds,
      };
      const found = await homeFeed(reads, memberId, asked);
      return reply.page((about) => <FeedView page={about} side="home" {...found} />);
    },
  );

  app.get(
    '/feed/friends',
    page('member', { querystring }),
    async ({ viewer: { memberId = '' }, query: { cursor }, currency }, reply) => {
      const asked = { cursor: FRIENDS_CURSOR.exec(cursor ?? '')?.[0], prices: currency.prices };
      const found = await friendsFeed(reads, memberId, asked);
      return reply.page((about) => <FeedView page={about} side="friends" {...found} />);
    },
  );

  app.post(
    '/feed/less',
    page('member', {
      body: Type.Object({ kind: Type.Enum([...LESS_KINDS]), targetId: Id, next: Text(2000) }),
    }),
    async ({ viewer: { memberId = '' }, body: { kind, targetId, next } }, reply) => {
      await inTransaction(db, (tx) => seeLess(tx, memberId, { kind, targetId }, now()));
      return sendOn(reply, localPath(next, '/feed'), 'feed.less.done');
    },
  );

  app.post('/feed/again', page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    await inTransaction(db, (tx) => seeAgain(tx, memberId));
    return sendOn(reply, '/feed', 'feed.again.done');
  });
};

type Props = FeedPage & { page: Page; side: 'home' | 'friends' };

function FeedView({ page: about, side, cards, cursor }: Props) {
  const isMember = about.viewer.kind === 'member';
  const path = side === 'home' ? '/feed' : '/feed/friends';
  return (
    <Layout page={about} title={t(`feed.${side}.title`)} index={false}>
      <div class="wrap">
        <header class="feed-head">
          <h1>{t(`feed.${side}.title`)}</h1>
          <p class="soft">{isMember || side === 'friends' ? t(`feed.${side}.lead`) : t('feed.guest.lead')}</p>
          <nav class="board-sections" aria-label={t('feed.sides')}>
            <a href="/feed" aria-current={side === 'home' ? 'page' : undefined}>
              {t('feed.home.title')}
            </a>
            <a href="/feed/friends" aria-current={side === 'friends' ? 'page' : undefined}>
              {t('feed.friends.title')}
            </a>
            <a href="/boards">{t('feed.boards.title')}</a>
          </nav>
        </header>
        {cards.length === 0 ? (
          <EmptyState title={t(`feed.${side}.none`)} text={t(`feed.${side}.none.text`)}>
            <ButtonLink href={side === 'home' ? '/boards' : '/feed'}>{t(`feed.${side}.none.go`)}</ButtonLink>
          </EmptyState>
        ) : (
          <FeedCards page={about} cards={cards} />
        )}
        {cursor && (
          <div class="pages">
            <ButtonLink href={`${path}?cursor=${cursor}`} look="plain">
              {t('feed.more')}
            </ButtonLink>
          </div>
        )}
        {isMember && side === 'home' && (
          <form method="post" action="/feed/again" class="feed-again">
            <button type="submit" class="text-button">
              {t('feed.again')}
            </button>
          </form>
        )}
      </div>
    </Layout>
  );
}
