import { Type } from 'typebox';
import { agree, houseRules, missingOf, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { RULE_SETTERS } from '../access.ts';
import { safetyErrors } from '../errors.ts';
import { LEGAL_KINDS, LEGAL_MAX, legalText, setAgeAsked, setLegalText } from '../legal.ts';
import { ownTrust } from '../trust.ts';
import { Moment } from './schemas.ts';

type Routes = NonNullable<Module['routes']>;

const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const ByKind = exactly({ kind: Type.Enum([...LEGAL_KINDS]) });
const Age = Type.Union([Type.Integer({ minimum: 1, maximum: 21 }), Type.Null()], {
  description: 'asked before the first act; null: nobody is asked',
});
const Terms = Type.Integer({
  minimum: 0,
  maximum: 2_000_000_000,
  description: 'version; 0: none are agreed to',
});

const textRoutes: Routes = async (app, { db, now }) => {
  app.get(
    '/legal-texts/:kind',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getLegalText',
        summary: 'What the shop says about itself, as it stands now',
        params: ByKind,
        response: {
          200: Type.Object({ version: Type.Integer(), body: Type.String(), setAt: Moment }),
          ...problems(safetyErrors.legal_text_not_found),
        },
      },
    },
    async ({ params: { kind } }) => {
      const found = await legalText(db, kind);
      if (!found) throw safetyErrors.legal_text_not_found({});
      return { ...found, setAt: found.setAt.toISOString() };
    },
  );

  app.put(
    '/legal-texts/:kind',
    {
      config: { access: RULE_SETTERS },
      schema: {
        operationId: 'setLegalText',
        summary: 'Another text is another version; terms may be agreed to before the first act',
        params: ByKind,
        body: exactly({
          body: Type.String({ minLength: 1, maxLength: LEGAL_MAX, pattern: String.raw`\S` }),
          isAgreedTo: Type.Optional(Type.Boolean({ default: false })),
        }),
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer, params: { kind }, body: { body, isAgreedTo = false } }, reply) => {
      await inTransaction(db, (tx) => setLegalText(tx, viewer, { kind, body, isAgreedTo }, now()));
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/minimum-age',
    {
      config: { access: RULE_SETTERS },
      schema: {
        operationId: 'setMinimumAge',
        body: exactly({ age: Age }),
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer, body: { age } }, reply) => {
      await inTransaction(db, (tx) => setAgeAsked(tx, viewer, age));
      return reply.code(204).send(null);
    },
  );
};

const ownRoutes: Routes = async (app, { db, now }) => {
  const member = { config: { access: 'member' } } as const;
  app.get(
    '/agreements/mine',
    {
      ...member,
      schema: {
        operationId: 'getOwnAgreement',
        summary: 'What members agree to, and what of it the caller has not yet',
        response: {
          200: Type.Object({
            minimumAge: Age,
            termsVersion: Terms,
            missing: Type.Array(Type.Enum(['age', 'terms'])),
          }),
          ...problems(...asked),
        },
      },
    },
    async ({ viewer: { memberId = '' } }) => {
      const [rules, missing] = await Promise.all([houseRules(db), missingOf(db, memberId)]);
      return { ...rules, missing };
    },
  );

  app.put(
    '/agreements/mine',
    {
      ...member,
      schema: {
        operationId: 'agree',
        summary: 'Says that the caller is as old as is asked, and agrees to the terms as they were read',
        body: exactly({ minimumAge: Age, termsVersion: Terms }),
        response: { 204: Type.Null(), ...problems(...asked, socialErrors.rules_changed) },
      },
    },
    async ({ viewer: { memberId = '' }, body }, reply) => {
      await inTransaction(db, (tx) => agree(tx, memberId, body, now()));
      return reply.code(204).send(null);
    },
  );
};

const trustRoutes: Routes = async (app, { db, now }) => {
  const Count = Type.Integer();
  app.get(
    '/trust/mine',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'getOwnTrust',
        summary: 'How far the caller is trusted, and what the next level asks for',
        response: {
          200: Type.Object({
            level: Count,
            isSet: Type.Boolean({ description: 'by a moderator' }),
            merits: Type.Object({ knownDays: Count, activeDays: Count, pieces: Count, welcomed: Count }),
            next: Type.Union([
              Type.Object({
                level: Count,
                knownDays: Count,
                activeDays: Count,
                pieces: Count,
                welcomed: Count,
                cleanDays: Count,
              }),
              Type.Null(),
            ]),
          }),
          ...problems(...asked, socialErrors.person_not_found),
        },
      },
    },
    async ({ viewer: { memberId = '' } }) => {
      const own = await ownTrust(db, memberId, now());
      if (!own) throw socialErrors.person_not_found({});
      return own;
    },
  );
};

export const legalRoutes: Routes = async (app, deps) => {
  await textRoutes(app, deps);
  await ownRoutes(app, deps);
  await trustRoutes(app, deps);
};
