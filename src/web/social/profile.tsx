import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { VNode } from 'preact';
import { Type } from 'typebox';
import {
  block,
  follow,
  followPage,
  mayDo,
  mute,
  ownProfile,
  type Person,
  type Profile,
  profileOf,
  unblock,
  unfollow,
  unmute,
} from '#modules/social/index.ts';
import { postList } from '#modules/posts/index.ts';
import { looksOf } from '#modules/looks/index.ts';
import { boardsOf } from '#modules/boards/index.ts';
import { profileLinksLead } from '#modules/safety/index.ts';
import type { PricesFor } from '#modules/catalog/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { boardCards } from '#read/board-page.ts';
import { madeCounts, type MadeKind, reviewsBy } from '#read/made-by.ts';
import { PostCards } from '../posts/post-cards.tsx';
import { LookCards } from '../looks/look-cards.tsx';
import { BoardCards } from '../boards/board-cards.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { localPath, page, type Page, sendOn, Text } from '../page.ts';
import { Avatar, PersonLink } from './person.tsx';
import { ReportLink } from '../safety/report-link.tsx';
import { More, PROFILE_TABS, type ProfileTab, ProfileTabs, ReviewLines } from './profile-tabs.tsx';
import { Words } from './words.tsx';

const Handle = Type.Object({ handle: Type.String({ minLength: 3, maxLength: 30 }) });
const BOARDS_SHOWN = 48;
const LOOKS_SHOWN = 48;
const SIDES = ['followers', 'following'] as const;

/** Somebody's page, and the forms by which others meet them or don't. */
export const profilePages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { reads, config } = deps;
  for (const tab of Object.keys(PROFILE_TABS) as ProfileTab[]) {
    app.get(
      tab === 'boards' ? '/@:handle' : `/@:handle/${tab}`,
      page('public', { params: Handle, querystring: Type.Object({ cursor: Type.Optional(Text(60)) }) }),
      async ({ viewer: { memberId }, params: { handle }, query: { cursor }, currency }, reply) => {
        const profile = await profileOf(reads, memberId, handle);
        const [leadsOut, counts, made] = await Promise.all([
          profileLinksLead(reads, config, profile),
          madeCounts(reads, memberId, profile.memberId),
          MADE[tab](reads, memberId, profile, { cursor, prices: currency.prices }),
        ]);
        return reply.page((about) => (
          <ProfilePage
            page={about}
            profile={profile}
            leadsOut={leadsOut}
            tab={tab}
            counts={counts}
            made={made}
          />
        ));
      },
    );
  }

  for (const side of SIDES) {
    app.get(
      `/@:handle/${side}`,
      page('public', { params: Handle, querystring: Type.Object({ cursor: Type.Optional(Text(60)) }) }),
      async ({ viewer, params: { handle }, query: { cursor } }, reply) => {
        const profile = await profileOf(reads, viewer.memberId, handle);
        const asked = {
          memberId: profile.memberId,
          side,
          cursor: /^\d{1,15}_[\da-f-]{36}$/.exec(cursor ?? '')?.[0],
        };
        const found = await followPage(reads, viewer.memberId, asked);
        return reply.page((about) => <PeoplePage page={about} profile={profile} side={side} {...found} />);
      },
    );
  }

  await app.register(meetingForms, deps);
};

/** The forms by which members follow, mute and block. */
const meetingForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const body = Type.Object({ memberId: Id, next: Text(2000) });
  app.post(
    '/follow',
    page('member', {
      body: Type.Object({
        kind: Type.Enum(['member', 'board', 'brand', 'topic']),
        targetId: Id,
        on: Text(5),
        next: Text(2000),
      }),
    }),
    async ({ viewer: { memberId = '', name = '' }, body: { kind, targetId, on, next } }, reply) => {
      await mayDo(deps, memberId, 'follow');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        if (on === 'no') await unfollow(tx, memberId, { kind, targetId });
        else await follow(tx, memberId, { kind, targetId }, now());
      });
      return sendOn(reply, localPath(next));
    },
  );
  app.post(
    '/block',
    page('member', { body }),
    async ({ viewer: { memberId = '' }, body: { memberId: other } }, reply) => {
      await inTransaction(db, (tx) => block(tx, memberId, other, now()));
      return sendOn(reply, '/account/profile', 'people.blocked');
    },
  );
  app.post(
    '/mute',
    page('member', { body }),
    async ({ viewer: { memberId = '' }, body: { memberId: other, next } }, reply) => {
      await inTransaction(db, (tx) => mute(tx, memberId, other, now()));
      return sendOn(reply, localPath(next));
    },
  );
  app.post(
    '/unshun',
    page('member', { body }),
    async ({ viewer: { memberId = '' }, body: { memberId: other, next } }, reply) => {
      await inTransaction(db, async (tx) => {
        await unblock(tx, memberId, other);
        await unmute(tx, memberId, other);
      });
      return sendOn(reply, localPath(next, '/account/profile'));
    },
  );
};

/** What a tab shows, and where it goes on. */
interface Made {
  isEmpty: boolean;
  view: (page: Page) => VNode;
  cursor: string | null;
}

type ReadMade = (
  reads: Db,
  viewer: string | undefined,
  profile: Profile,
  asked: { cursor: string | undefined; prices: PricesFor },
) => Promise<Made>;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const idIn = (cursor: string | undefined) => UUID.exec(cursor ?? '')?.[0];

const MADE: Record<ProfileTab, ReadMade> = {
  boards: async (reads, viewer, { memberId }, { cursor }) => {
    const [at, id] = /^\d{1,15}_[\da-f-]{36}$/.exec(cursor ?? '')?.[0].split('_') ?? [];
    const after = at !== undefined && id !== undefined ? { changedAt: new Date(Number(at)), id } : undefined;
    const lines = await boardsOf(reads, viewer, memberId, BOARDS_SHOWN + 1, after);
    const ids = lines.slice(0, BOARDS_SHOWN).map((line) => line.id);
    const boards = await boardCards(reads, viewer, ids);
    const last = lines.length > BOARDS_SHOWN ? lines[BOARDS_SHOWN - 1] : undefined;
    return {
      isEmpty: boards.length === 0,
      view: () => <BoardCards boards={boards} byline={false} />,
      cursor: last ? `${last.changedAt.getTime()}_${last.id}` : null,
    };
  },
  looks: async (reads, viewer, { memberId }, { cursor }) => {
    const found = await looksOf(reads, viewer, memberId, { max: LOOKS_SHOWN + 1, before: idIn(cursor) });
    const looks = found.slice(0, LOOKS_SHOWN);
    return {
      isEmpty: looks.length === 0,
      view: () => <LookCards looks={looks} byline={false} />,
      cursor: found.length > LOOKS_SHOWN ? (looks.at(-1)?.id ?? null) : null,
    };
  },
  posts: async (reads, viewer, profile, { cursor }) => {
    const { posts, cursor: next } = await postList(reads, viewer, profile, { cursor: idIn(cursor) });
    return {
      isEmpty: posts.length === 0,
      view: () => <PostCards posts={posts} byline={false} />,
      cursor: next,
    };
  },
  reviews: async (reads, viewer, { memberId }, { cursor, prices }) => {
    const found = await reviewsBy(reads, viewer, memberId, { cursor: idIn(cursor), prices });
    return {
      isEmpty: found.reviews.length === 0,
      view: (about) => <ReviewLines page={about} reviews={found.reviews} />,
      cursor: found.cursor,
    };
  },
};

interface ProfileProps {
  page: Page;
  profile: Profile;
  /** Whether addresses in what they say of themselves are links. */
  leadsOut: boolean;
  tab: ProfileTab;
  counts: Record<MadeKind, number>;
  made: Made;
}

/** Where one makes another of what a tab shows. */
const NEW: Partial<Record<ProfileTab, string>> = {
  boards: '/boards/new',
  looks: '/looks/new',
  posts: '/posts/new',
};

function ProfilePage({ page: about, profile, leadsOut, tab, counts, made }: ProfileProps) {
  const { name, handle, bio, isSelf } = profile;
  const path = tab === 'boards' ? `/@${handle}` : `/@${handle}/${tab}`;
  const making = isSelf ? NEW[tab] : undefined;
  return (
    <Layout
      page={about}
      title={tab === 'boards' ? `${name} (@${handle})` : t(`people.tab.${tab}.of`, { name })}
      description={bio || t('people.description', { name })}
      canonical={path}
      index={tab === 'boards' || !made.isEmpty}
    >
      <div class="wrap">
        <ProfileHead page={about} profile={profile} leadsOut={leadsOut} />
        <ProfileTabs page={about} profile={profile} on={tab} counts={counts} />
        <section class="section" aria-labelledby="made">
          <div class="section-head">
            <h2 id="made">{t(`people.tab.${tab}`)}</h2>
            {making && (
              <ButtonLink href={making} look="plain">
                {t(`people.tab.new.${tab as 'boards' | 'looks' | 'posts'}`)}
              </ButtonLink>
            )}
          </div>
          {made.isEmpty ? (
            <EmptyState title={t(`people.tab.none.${tab}`)} text={t('people.tab.none.text')} />
          ) : (
            made.view(about)
          )}
          <More href={made.cursor === null ? undefined : `${path}?cursor=${made.cursor}`}>
            {t('feed.more')}
          </More>
        </section>
      </div>
    </Layout>
  );
}

function ProfileHead({
  page: about,
  profile,
  leadsOut,
}: Pick<ProfileProps, 'page' | 'profile' | 'leadsOut'>) {
  const { name, handle, bio, followers, following, isSelf } = profile;
  const { format } = about;
  return (
    <header class="profile-head">
      <Avatar person={profile} size={96} />
      <div class="profile-words">
        <h1>{name}</h1>
        <p class="soft">@{handle}</p>
        {bio && <Words text={bio} hasLinks={leadsOut} />}
        <p class="profile-counts">
          <a href={`/@${handle}/followers`}>{t('people.followers', { count: followers })}</a>
          <a href={`/@${handle}/following`}>{t('people.following', { count: format.number(following) })}</a>
        </p>
      </div>
      <div class="profile-acts">
        {isSelf ? (
          <ButtonLink href="/account/profile" look="plain">
            {t('people.edit')}
          </ButtonLink>
        ) : (
          <>
            <FollowForm page={about} kind="member" targetId={profile.memberId} isOn={profile.isFollowed} />
            {about.viewer.kind === 'member' && <Shun page={about} profile={profile} />}
          </>
        )}
      </div>
    </header>
  );
}

interface FollowProps {
  page: Page;
  kind: 'member' | 'board' | 'brand' | 'topic';
  targetId: string;
  isOn: boolean;
}

/** A guest is sent to the door first, and comes back to the page. */
export function FollowForm({ page: { path, viewer }, kind, targetId, isOn }: FollowProps) {
  if (viewer.kind !== 'member')
    return <ButtonLink href={`/sign-in?next=${encodeURIComponent(path)}`}>{t('people.follow')}</ButtonLink>;
  return (
    <form method="post" action="/follow">
      <input type="hidden" name="kind" value={kind} />
      <input type="hidden" name="targetId" value={targetId} />
      <input type="hidden" name="on" value={isOn ? 'no' : 'yes'} />
      <input type="hidden" name="next" value={path} />
      <Button look={isOn ? 'plain' : 'primary'} aria-pressed={isOn ? 'true' : 'false'}>
        {isOn ? t('people.unfollow') : t('people.follow')}
      </Button>
    </form>
  );
}

function Shun({ page, profile: { memberId, isMuted } }: { page: Page; profile: Profile }) {
  const { path } = page;
  const whom = (
    <>
      <input type="hidden" name="memberId" value={memberId} />
      <input type="hidden" name="next" value={path} />
    </>
  );
  return (
    <details class="shun">
      <summary class="text-button">{t('people.more')}</summary>
      <form method="post" action={isMuted ? '/unshun' : '/mute'}>
        {whom}
        <p class="soft small">{t('people.mute.text')}</p>
        <Button look="plain">{isMuted ? t('people.unmute') : t('people.mute')}</Button>
      </form>
      <form method="post" action="/block">
        {whom}
        <p class="soft small">{t('people.block.text')}</p>
        <Button look="danger">{t('people.block')}</Button>
      </form>
      <ReportLink page={page} kind="profile" id={memberId} />
    </details>
  );
}

interface PeopleProps {
  page: Page;
  profile: Profile;
  side: (typeof SIDES)[number];
  people: readonly Person[];
  cursor: string | null;
}

function PeoplePage({ page: about, profile: { name, handle }, side, people, cursor }: PeopleProps) {
  const title = t(`people.list.${side}`, { name });
  return (
    <Layout page={about} title={title} index={false}>
      <div class="wrap">
        {people.length === 0 ? (
          <EmptyState level={1} title={t('people.none')} text={t('people.none.text')}>
            <ButtonLink href={`/@${handle}`} look="plain">
              {name}
            </ButtonLink>
          </EmptyState>
        ) : (
          <>
            <h1>{title}</h1>
            <ul class="people">
              {people.map((person) => (
                <li key={person.memberId}>
                  <PersonLink person={person} size={48} />
                  {person.bio && <p class="soft small">{person.bio}</p>}
                </li>
              ))}
            </ul>
            {cursor && (
              <p>
                <a href={`/@${handle}/${side}?cursor=${cursor}`}>{t('people.list.older')}</a>
              </p>
            )}
          </>
        )}
      </div>
    </Layout>
  );
}
