import { Type } from 'typebox';
import { dayIn } from '#platform/days.ts';
import { inTransaction } from '#platform/db.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly, Slug } from '#platform/schema.ts';
import { actorOf } from '../identity/index.ts';
import { noteSpend, SPEND_REFUSALS, spendSeen, spendSources } from './spend.ts';

const READERS = ['staff:merchant', 'staff:operations', 'scope:insight:read'] as const;
const WRITERS = ['staff:merchant', 'staff:operations', 'scope:insight:write'] as const;
const LINES_MAX = 5_000;
const BODY_BYTES_MAX = 4 * 1024 * 1024;
const AMOUNT_MAX = 1_000_000_000_000;
const CURSOR = /^(\d{4}-\d{2}-\d{2})_([a-z0-9-]{1,60})_(.{1,120})$/su;

const Source = Type.String({ ...Slug, maxLength: 60, description: 'Who counts it: google-ads, a paper' });
const Reference = Type.String({ minLength: 1, maxLength: 120 });
const Day = Type.String({ format: 'date' });
const Line = {
  reference: Reference,
  day: Day,
  regionCode: Type.String({ minLength: 2, maxLength: 60 }),
  campaign: Type.String({ maxLength: 120, default: '' }),
  currency: Currency,
  amountMinor: Type.Integer({ minimum: 0, maximum: AMOUNT_MAX, description: 'Zero takes the line back' }),
};
const Count = Type.Integer();

type Routes = NonNullable<Module['routes']>;

export const routes: Routes = async (app, deps) => {
  await noteRoute(app, deps);
  await readRoutes(app, deps);
};

const noteRoute: Routes = async (app, { db, now, config }) => {
  app.put(
    '/spend/:source',
    {
      bodyLimit: BODY_BYTES_MAX,
      config: { access: WRITERS },
      schema: {
        operationId: 'noteSpend',
        summary: 'What was spent to bring buyers',
        description:
          'Lines as the source counts them, by its own references. Told again they are the same; told with another amount, day or place they are put right. A line that cannot be taken is told with the reason and keeps none of the others out.',
        params: exactly({ source: Source }),
        body: exactly({ lines: Type.Array(exactly(Line), { minItems: 1, maxItems: LINES_MAX }) }),
        response: {
          200: Type.Object({
            added: Count,
            changed: Count,
            removed: Count,
            same: Count,
            refused: Type.Array(
              Type.Object({
                line: Type.Integer({ description: 'From 1' }),
                reference: Type.String(),
                reason: Type.Enum([...SPEND_REFUSALS]),
              }),
            ),
          }),
        },
      },
    },
    async ({ viewer, params: { source }, body: { lines } }) => {
      const by = { actor: actorOf(viewer), today: dayIn(config.timeZone, now()), now: now() };
      const outcomes = await inTransaction(db, (tx) => noteSpend(tx, source, lines, by));
      const count = (name: string) => outcomes.filter(({ outcome }) => outcome === name).length;
      return {
        added: count('added'),
        changed: count('changed'),
        removed: count('removed'),
        same: count('same'),
        refused: outcomes.flatMap(({ reference, refusal }, index) =>
          refusal ? [{ line: index + 1, reference, reason: refusal }] : [],
        ),
      };
    },
  );
};

const readRoutes: Routes = async (app, { db }) => {
  app.get(
    '/spend',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listSpend',
        description: 'What stands of the lines of some days, the latest day first.',
        querystring: exactly({
          from: Day,
          to: Day,
          source: Type.Optional(Source),
          after: Type.Optional(Type.String({ pattern: CURSOR.source, maxLength: 200 })),
          limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
        }),
        response: {
          200: Type.Object({
            lines: Type.Array(Type.Object({ source: Type.String(), ...Line, amountMinor: Type.Integer() })),
            next: Type.Optional(Type.String()),
          }),
        },
      },
    },
    async ({ query: { after: cursor = '', ...question } }) => {
      const [, day = '', source = '', reference = ''] = CURSOR.exec(cursor) ?? [];
      const after = day === '' ? undefined : { day, source, reference };
      const { lines, hasMore } = await spendSeen(db, { ...question, after });
      const last = hasMore ? lines.at(-1) : undefined;
      return { lines, ...(last && { next: `${last.day}_${last.source}_${last.reference}` }) };
    },
  );

  app.get(
    '/sources',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listSpendSources',
        description: 'Who tells what is spent, and when they last did.',
        response: {
          200: Type.Object({
            sources: Type.Array(
              Type.Object({ source: Type.String(), toldAt: Type.String({ format: 'date-time' }) }),
            ),
          }),
        },
      },
    },
    async () => ({
      sources: (await spendSources(db)).map(({ source, toldAt }) => ({
        source,
        toldAt: toldAt.toISOString(),
      })),
    }),
  );
};
