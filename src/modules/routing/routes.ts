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
});
const SHOWN_MAX = 100;

export const routes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/rule-sets',
    {
      config: { access: ['staff', 'scope:orders:read'] },
      schema: {
        operationId: 'listRuleSets',
        description: 'How orders find their locations: the rules in force, then those before them.',
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
        description: 'Puts rules in force, as the version after the one that was in force.',
        params: exactly({ version: Version }),
        body: exactly({ rules: RuleSet, note: Type.String({ maxLength: 200, default: '' }) }),
        response: {
          200: Type.Object({ version: Type.Integer() }),
          ...problems(routingErrors.rules_changed, routingErrors.filter_twice),
        },
      },
    },
    async ({ viewer, params: { version }, body: { rules, note } }) => {
      const about = { over: version - 1, note, publishedBy: viewer.memberId ?? null, at: now() };
      return { version: await inTransaction(db, (tx) => publishRules(tx, rules, about)) };
    },
  );
};

const withTime = ({ publishedAt, ...rest }: StoredRuleSet) => ({
  ...rest,
  publishedAt: publishedAt.toISOString(),
});
