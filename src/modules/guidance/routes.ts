import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { actorOf } from '../identity/index.ts';
import { type Adjustment as AdjustmentFacts, adjustments, assertAdjustment, decide } from './adjustments.ts';
import { adjustmentsSince } from './adjustments-since.ts';
import { effectsOf } from './effects.ts';
import { guidanceErrors } from './errors.ts';
import { explain } from './explain.ts';
import { type Finding as FindingFacts, type FindingDay, findingById, findings } from './findings.ts';
import { historyOf } from './history.ts';
import { latestPriceLook } from './price-looks.ts';
import { endRule, putRule, type Rule as RuleFacts, rules } from './rules.ts';
import {
  Adjustment,
  ADJUSTMENT_STATES,
  Effect,
  Explanation,
  Finding,
  FINDING_STATES,
  HistoryDays,
  Metric,
  oneOf,
  PriceLook,
  RegionCode,
  Rule,
  RuleFields,
  Verdict,
} from './shapes.ts';

const READERS = ['staff', 'scope:insight:read'] as const;
/** Who answers for goods and stores, and so for what is done about them. */
const DECIDERS = ['staff:merchant', 'staff:operations', 'scope:insight:write'] as const;
const LIST_MAX = 200;
const LIST_USUAL = 50;
const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: LIST_MAX }));
const OneId = exactly({ id: Id });
const Done = Type.Null();

const shownFinding = ({ openedAt, changedAt, ...finding }: FindingFacts & { days: FindingDay[] }) => ({
  ...finding,
  openedAt: openedAt.toISOString(),
  changedAt: changedAt.toISOString(),
});
const shownAdjustment = ({ proposedAt, changedAt, decision, ...adjustment }: AdjustmentFacts) => ({
  ...adjustment,
  proposedAt: proposedAt.toISOString(),
  changedAt: changedAt.toISOString(),
  decision: decision && { ...decision, decidedAt: decision.decidedAt.toISOString() },
});
const shownRule = ({ mutedUntil, changedAt, ...rule }: RuleFacts) => ({
  ...rule,
  mutedUntil: mutedUntil?.toISOString() ?? null,
  changedAt: changedAt.toISOString(),
});

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, clickhouse, config, now } = deps;
  await app.register(adjustmentRoutes, { ...deps, prefix: '' });
  await app.register(priceRoutes, { ...deps, prefix: '' });
  await app.register(ruleRoutes, { ...deps, prefix: '' });

  app.get(
    '/findings',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listFindings',
        querystring: exactly({
          state: Type.Optional(oneOf(FINDING_STATES)),
          region: Type.Optional(RegionCode),
          metric: Type.Optional(Metric),
          limit: Limit,
        }),
        response: { 200: Type.Object({ findings: Type.Array(Finding) }) },
      },
    },
    async ({ query: { limit = LIST_USUAL, ...question } }) => ({
      findings: (await findings(db, { ...question, limit })).map(shownFinding),
    }),
  );

  app.get(
    '/findings/:id',
    {
      config: { access: READERS },
      schema: {
        operationId: 'readFinding',
        params: OneId,
        response: {
          200: Type.Object({
            finding: Finding,
            history: HistoryDays,
            explanation: Explanation,
            accepted: Type.Array(Adjustment, {
              description: 'What was accepted for the market since it began, and what that brought',
            }),
          }),
          ...problems(guidanceErrors.finding_not_found),
        },
      },
    },
    async ({ params: { id } }) => {
      const finding = await findingById(db, id);
      const clock = { now: now(), timeZone: config.timeZone };
      const [history, explanation, accepted] = await Promise.all([
        historyOf(clickhouse, finding, clock),
        explain(clickhouse, finding, clock),
        adjustmentsSince(db, finding),
      ]);
      return {
        finding: shownFinding(finding),
        history,
        explanation,
        accepted: accepted.map(shownAdjustment),
      };
    },
  );
};

/** What would help, and who decides. */
const adjustmentRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/adjustments',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listAdjustments',
        querystring: exactly({
          state: Type.Optional(oneOf(ADJUSTMENT_STATES)),
          region: Type.Optional(RegionCode),
          limit: Limit,
        }),
        response: { 200: Type.Object({ adjustments: Type.Array(Adjustment) }) },
      },
    },
    async ({ query: { limit = LIST_USUAL, ...question } }) => ({
      adjustments: (await adjustments(db, { ...question, limit })).map(shownAdjustment),
    }),
  );

  app.get(
    '/adjustments/:id/effects',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listEffects',
        params: OneId,
        response: {
          200: Type.Object({ effects: Type.Array(Effect, { description: 'The newest first' }) }),
          ...problems(guidanceErrors.adjustment_not_found),
        },
      },
    },
    async ({ params: { id } }) => {
      await assertAdjustment(db, id);
      return { effects: await effectsOf(db, id) };
    },
  );

  app.put(
    '/decisions/:id',
    {
      config: { access: DECIDERS },
      schema: {
        operationId: 'decideOnAdjustment',
        params: OneId,
        body: exactly({
          adjustmentId: Id,
          verdict: Verdict,
          reason: Type.String({ maxLength: 500, default: '' }),
        }),
        response: {
          204: Done,
          ...problems(guidanceErrors.adjustment_not_found, guidanceErrors.adjustment_not_open),
        },
      },
    },
    async ({ params: { id }, body, viewer }, reply) => {
      await inTransaction(db, (tx) => decide(tx, actorOf(viewer), { id, ...body }, now()));
      return reply.code(204).send(null);
    },
  );
};

/** What the nights' looks at prices come to. */
const priceRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/price-look',
    {
      config: { access: READERS },
      schema: {
        operationId: 'readPriceLook',
        response: { 200: Type.Object({ look: Type.Union([PriceLook, Type.Null()]) }) },
      },
    },
    async () => ({ look: (await latestPriceLook(db)) ?? null }),
  );
};

/** Who is told of what. */
const ruleRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/rules',
    {
      config: { access: READERS },
      schema: { operationId: 'listAlertRules', response: { 200: Type.Object({ rules: Type.Array(Rule) }) } },
    },
    async () => ({ rules: (await rules(db)).map(shownRule) }),
  );

  app.put(
    '/rules/:id',
    {
      config: { access: DECIDERS },
      schema: {
        operationId: 'putAlertRule',
        params: OneId,
        body: exactly(RuleFields),
        response: {
          204: Done,
          ...problems(
            guidanceErrors.rule_not_found,
            guidanceErrors.rules_full,
            guidanceErrors.owner_not_staff,
          ),
        },
      },
    },
    async ({ params: { id }, body: { mutedUntil, ...wish } }, reply) => {
      const until = mutedUntil === null ? null : new Date(mutedUntil);
      await inTransaction(db, (tx) => putRule(tx, { id, ...wish, mutedUntil: until }, now()));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/rules/:id',
    {
      config: { access: DECIDERS },
      schema: {
        operationId: 'endAlertRule',
        params: OneId,
        response: { 204: Done, ...problems(guidanceErrors.rule_not_found) },
      },
    },
    async ({ params: { id } }, reply) => {
      await inTransaction(db, (tx) => endRule(tx, id, now()));
      return reply.code(204).send(null);
    },
  );
};
