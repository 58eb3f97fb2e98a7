import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Deps } from '#platform/module.ts';
import { type FollowedThing, followedThings, type FollowState } from '#read/followed-things.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { FollowForm } from './profile.tsx';

const KINDS = ['board', 'brand', 'topic'] as const;

/** What a member follows beside people. */
export const followingPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  app.get('/following', page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    const things = await followedThings(reads, memberId);
    return reply.page((about) => <FollowingView page={about} things={things} />);
  });
};

function FollowingView({ page: about, things }: { page: Page; things: readonly FollowedThing[] }) {
  return (
    <Layout page={about} title={t('following.title')} index={false}>
      <div class="wrap">
        <header class="feed-head">
          <h1>{t('following.title')}</h1>
          <p class="soft">{t('following.lead')}</p>
        </header>
        {things.length === 0 && (
          <EmptyState title={t('following.none')} text={t('following.none.text')}>
            <ButtonLink href="/boards">{t('feed.home.none.go')}</ButtonLink>
          </EmptyState>
        )}
        {KINDS.map((kind) => {
          const of = things.filter((thing) => thing.kind === kind);
          if (of.length === 0) return null;
          return (
            <section key={kind} class="section" aria-labelledby={`following-${kind}`}>
              <h2 id={`following-${kind}`}>{t(`following.${kind}`)}</h2>
              <ul class="following">
                {of.map(({ targetId, name, href }) => (
                  <li key={targetId}>
                    <a href={href}>{name}</a>
                    <FollowForm page={about} kind={kind} targetId={targetId} isOn />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </Layout>
  );
}

/** On the page of a brand or a category: follow it, and how many do. */
export function FollowThis({ page: about, state }: { page: Page; state: FollowState | undefined }) {
  if (!state) return null;
  const { followers, ...target } = state;
  return (
    <div class="follow-this">
      <FollowForm page={about} {...target} />
      {followers > 0 && <span class="soft small">{t('people.followers', { count: followers })}</span>}
    </div>
  );
}
