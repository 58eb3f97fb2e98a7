import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { routingErrors } from './errors.ts';
import { publishRules, ruleSets, type StoredRuleSet } from './rule-sets.ts';
import { RuleSet } from './rules.ts';

const Version = Type.Integer({ minimum: 2, maximum: 1_000_000_000 });
const Stored = Type.Object({
  version: Type.Integer(),
  rules: RuleSet,
  note: Type.String(),
  publishedAt: Type.String({ format: 'date-time' }),
  publishedBy: Type.Union([Type.String(), Type.Null()]),
  onTrial: Type.Boolean({ description: 'Kept for an experiment: never in force for all' }),
});
const SHOWN_MAX = 100;

export const routes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/rule-sets',
    {
      config: { access: ['staff', 'scope:orders:read'] },
      schema: {
        operationId: 'listRuleSets',
        description:
          'How orders find their locations, the newest first: of those not on trial, the first is in force.',
        response: { 200: Type.Object({ ruleSets: Type.Array(Stored) }) },
      },
    },
    async () => ({ ruleSets: (await ruleSets(db, SHOWN_MAX)).map(withTime) }),
  );

  app.put(
    '/rule-sets/:version',
    {
      config: { access: ['staff:admin', 'staff:operations'] },
      schema: {
        operationId: 'publishRuleSet',
        description: 'Puts rules in force, or keeps them for an experiment, as the version after the newest.',
        params: exactly({ version: Version }),
        body: exactly({
          rules: RuleSet,
          note: Type.String({ maxLength: 200, default: '' }),
          onTrial: Type.Boolean({ default: false }),
        }),
        response: {
          200: Type.Object({ version: Type.Integer() }),
          ...problems(routingErrors.rules_changed, routingErrors.filter_twice),
        },
      },
    },
    async ({ viewer, params: { version }, body: { rules, note, onTrial } }) => {
      const about = { over: version - 1, note, onTrial, publishedBy: viewer.memberId ?? null, at: now() };
      return { version: await inTransaction(db, (tx) => publishRules(tx, rules, about)) };
    },
  );
};

const withTime = ({ publishedAt, ...rest }: StoredRuleSet) => ({
  ...rest,
  publishedAt: publishedAt.toISOString(),
});
