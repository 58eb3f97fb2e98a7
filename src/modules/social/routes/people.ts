import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { mayDo } from '../abilities.ts';
import { Cursor, Person } from '../answers.ts';
import { socialErrors } from '../errors.ts';
import { block, follow, followPage, mute, shunned, unblock, unfollow, unmute } from '../follows.ts';
import { changeProfile, ownProfile, profileOf } from '../people.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const Handle = Type.String({ minLength: 3, maxLength: 30 });
const MemberParams = exactly({ memberId: Id });
const Profile = Type.Intersect([
  Person,
  Type.Object({
    followers: Type.Integer(),
    following: Type.Integer(),
    isFollowed: Type.Boolean(),
    isMuted: Type.Boolean(),
    isSelf: Type.Boolean(),
  }),
]);
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;

const profileRoutes: Routes = async (app, deps) => {
  const { db, reads, now } = deps;
  app.get(
    '/me',
    {
      ...member,
      schema: {
        operationId: 'getOwnProfile',
        summary: 'How the caller shows themselves; made from the account’s name the first time',
        response: { 200: Person, ...problems(...asked) },
      },
    },
    ({ viewer: { memberId = '', name = '' } }) =>
      inTransaction(db, (tx) => ownProfile(tx, memberId, name, now())),
  );

  app.put(
    '/me',
    {
      ...member,
      schema: {
        operationId: 'changeOwnProfile',
        body: exactly({
          handle: Handle,
          name: Type.String({ minLength: 1, maxLength: 60 }),
          bio: Type.String({ maxLength: 300 }),
          photoId: Type.Union([Id, Type.Null()]),
        }),
        response: {
          200: Person,
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.handle_taken,
            socialErrors.handle_invalid,
            socialErrors.words_missing,
            socialErrors.words_too_long,
            socialErrors.photo_not_found,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, body }) => {
      await mayDo(deps, memberId, 'profile');
      return inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await changeProfile(tx, memberId, body);
        return ownProfile(tx, memberId, name, now());
      });
    },
  );

  app.get(
    '/people/:handle',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getProfile',
        params: exactly({ handle: Handle }),
        response: { 200: Profile, ...problems(socialErrors.person_not_found) },
      },
    },
    ({ viewer: { memberId }, params: { handle } }) => profileOf(reads, memberId, handle),
  );
};

const followerRoutes: Routes = async (app, { reads }) => {
  app.get(
    '/people/:handle/:side',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listFollowers',
        summary: 'Who follows somebody, or whom they follow, the latest first',
        params: exactly({
          handle: Handle,
          side: Type.Union([Type.Literal('followers'), Type.Literal('following')]),
        }),
        querystring: exactly({
          cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}_[0-9a-f-]{36}$' })),
        }),
        response: {
          200: Type.Object({ people: Type.Array(Person), cursor: Cursor }),
          ...problems(socialErrors.person_not_found),
        },
      },
    },
    async ({ viewer, params: { handle, side }, query: { cursor } }) => {
      const { memberId } = await profileOf(reads, viewer.memberId, handle);
      return followPage(reads, viewer.memberId, { memberId, side, cursor });
    },
  );
};

const followRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  const params = exactly({
    kind: Type.Enum(['member', 'board', 'brand', 'topic']),
    targetId: Id,
  });
  app.put(
    '/follows/:kind/:targetId',
    {
      ...member,
      schema: {
        operationId: 'follow',
        summary: 'Follows a member, a board, a brand or a topic (a category)',
        params,
        response: {
          204: Type.Null(),
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.target_not_found,
            socialErrors.piece_not_found,
            socialErrors.not_oneself,
            socialErrors.follows_too_many,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params }, reply) => {
      await mayDo(deps, memberId, 'follow');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await follow(tx, memberId, params, now());
      });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/follows/:kind/:targetId',
    {
      ...member,
      schema: { operationId: 'unfollow', params, response: { 204: Type.Null(), ...problems(...asked) } },
    },
    async ({ viewer: { memberId = '' }, params }, reply) => {
      await inTransaction(db, (tx) => unfollow(tx, memberId, params));
      return reply.code(204).send(null);
    },
  );
};

const SHUN = {
  block: {
    path: '/blocks',
    put: block,
    end: unblock,
    ids: ['blockMember', 'unblockMember', 'listBlocked'],
    summary: 'From now on the two meet nowhere; neither is told',
  },
  mute: {
    path: '/mutes',
    put: mute,
    end: unmute,
    ids: ['muteMember', 'unmuteMember', 'listMuted'],
    summary: 'Leaves somebody out of the caller’s feed and notices',
  },
} as const;

const shunRoutes: Routes = async (app, { db, now }) => {
  for (const how of ['block', 'mute'] as const) {
    const { path, put, end, ids, summary } = SHUN[how];
    app.put(
      `${path}/:memberId`,
      {
        ...member,
        schema: {
          operationId: ids[0],
          summary,
          params: MemberParams,
          response: {
            204: Type.Null(),
            ...problems(...asked, socialErrors.not_oneself, socialErrors.person_not_found),
          },
        },
      },
      async ({ viewer: { memberId = '' }, params }, reply) => {
        await inTransaction(db, (tx) => put(tx, memberId, params.memberId, now()));
        return reply.code(204).send(null);
      },
    );
    app.delete(
      `${path}/:memberId`,
      {
        ...member,
        schema: {
          operationId: ids[1],
          params: MemberParams,
          response: { 204: Type.Null(), ...problems(...asked) },
        },
      },
      async ({ viewer: { memberId = '' }, params }, reply) => {
        await inTransaction(db, (tx) => end(tx, memberId, params.memberId));
        return reply.code(204).send(null);
      },
    );
    app.get(
      path,
      {
        ...member,
        schema: {
          operationId: ids[2],
          response: { 200: Type.Object({ people: Type.Array(Person) }), ...problems(...asked) },
        },
      },
      async ({ viewer: { memberId = '' } }) => ({ people: await shunned(db, memberId, how) }),
    );
  }
};

export const peopleRoutes: Routes = async (app, deps) => {
  await profileRoutes(app, deps);
  await followerRoutes(app, deps);
  await followRoutes(app, deps);
  await shunRoutes(app, deps);
};
