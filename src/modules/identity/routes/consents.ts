import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { CONSENT_TEXT_VERSION, consentHistory, consentOf, purposeOf, setConsent } from '../consent.ts';
import { identityErrors } from '../errors.ts';
import { guestCookie, newGuestId, personOf } from '../guests.ts';

const Consents = Type.Object({
  textVersion: Type.String({ description: 'The wording that is shown now' }),
  consents: Type.Record(Type.String(), Type.Boolean()),
  history: Type.Array(
    Type.Object({
      purpose: Type.String(),
      granted: Type.Boolean(),
      textVersion: Type.String(),
      touchpoint: Type.String(),
      givenAt: Type.String({ format: 'date-time' }),
    }),
  ),
});

/** Consent is everybody's: a guest has a random number in a cookie, made when there is something to remember. */
export const consentRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db } = deps;
  // A machine is nobody who could agree to anything.
  app.addHook('onRequest', async ({ viewer }) => {
    if (viewer.kind === 'machine') throw platformErrors.not_allowed({});
  });
  app.get(
    '/consents',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listMyConsents',
        summary: 'What the caller has agreed to, for each purpose, and the history of it',
        tags: ['identity'],
        response: { 200: Consents, ...problems(platformErrors.not_allowed) },
      },
    },
    async ({ viewer, headers }) => {
      const person = personOf(viewer, headers) ?? { guestId: newGuestId() };
      const history = await consentHistory(db, person);
      return {
        textVersion: CONSENT_TEXT_VERSION,
        consents: await consentOf(db, person),
        history: history.map((entry) => ({ ...entry, givenAt: entry.givenAt.toISOString() })),
      };
    },
  );

  app.put(
    '/consents/:purpose',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'setMyConsent',
        summary: 'Agrees to one purpose, or takes that back',
        tags: ['identity'],
        params: Type.Object({ purpose: Type.String({ maxLength: 60 }) }),
        body: exactly({ granted: Type.Boolean() }),
        response: {
          204: Type.Null(),
          ...problems(platformErrors.not_allowed, identityErrors.purpose_unknown),
        },
      },
    },
    async ({ viewer, headers, params, body: { granted } }, reply) => {
      const purpose = purposeOf(params.purpose);
      const known = personOf(viewer, headers);
      const person = known ?? { guestId: newGuestId() };
      await inTransaction(db, (tx) => setConsent(tx, person, { [purpose]: granted }, { touchpoint: 'web' }));
      if (!known && 'guestId' in person) void reply.header('set-cookie', guestCookie(deps, person.guestId));
      return reply.code(204).send(null);
    },
  );
};
