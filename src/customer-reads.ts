import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { customerSeen, insightErrors } from './modules/insight/index.ts';
import { type Step, stepsOfMember } from './modules/persons/index.ts';
import { PERSONAL_READERS } from '#platform/access.ts';
import { problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { CUSTOMER_HAPPENINGS, type CustomerEntry, customerTimeline } from '#read/customer-timeline.ts';

const DAY_MS = 86_400_000;
const VISIT_DAYS = 365;
const VISIT_GAP_MS = 30 * 60_000;
const ENTRIES_MAX = 200;

/** What somebody did without half an hour in between. */
export interface Visit {
  at: Date;
  until: Date;
  kind: 'visit';
  touchpoint: string;
  /** Names of events, in their order, each once. */
  names: string[];
  steps: number;
}

export type HistoryEntry = CustomerEntry | Visit;

/** Steps come the newest first, and so do visits. */
export function visitsOf(steps: readonly Step[]): Visit[] {
  const visits: Visit[] = [];
  for (const { at, name, touchpoint } of steps.toReversed()) {
    const visit = visits.at(-1);
    if (visit && at.getTime() - visit.until.getTime() <= VISIT_GAP_MS) {
      visit.until = at;
      visit.steps += 1;
      if (!visit.names.includes(name)) visit.names.push(name);
    } else visits.push({ at, until: at, kind: 'visit', touchpoint, names: [name], steps: 1 });
  }
  return visits.reverse();
}

/**
 * One line of what a customer did, bought and said, the newest first. For whom `customerSeen` lets through, or for the member
 * themselves.
 */
export async function customerHistory(
  deps: Deps,
  who: { customerId: string | undefined; memberId: string },
  areVisitsAgreed: boolean,
): Promise<HistoryEntry[]> {
  const until = deps.now();
  const period = { from: new Date(until.getTime() - VISIT_DAYS * DAY_MS), until };
  const { customerId = NOBODY, memberId } = who;
  const [done, steps] = await Promise.all([
    customerTimeline(deps.reads, { customerId, memberId }, ENTRIES_MAX),
    areVisitsAgreed ? stepsOfMember(deps, memberId, 'analytics', period) : [],
  ]);
  return [...done, ...visitsOf(steps)]
    .toSorted((one, other) => other.at.getTime() - one.at.getTime())
    .slice(0, ENTRIES_MAX);
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

const OrNull = Type.Union([Type.String(), Type.Null()]);
const Entry = Type.Object({
  at: Type.String({ format: 'date-time' }),
  kind: Type.Enum(['visit', ...CUSTOMER_HAPPENINGS]),
  id: Type.Optional(Id),
  number: Type.Optional(OrNull),
  amountMinor: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  currency: Type.Optional(OrNull),
  touchpoint: Type.Optional(OrNull),
  words: Type.Optional(OrNull),
  matter: Type.Optional(OrNull),
  until: Type.Optional(Type.String({ format: 'date-time' })),
  names: Type.Optional(Type.Array(Type.String())),
  steps: Type.Optional(Type.Integer()),
});

const told = (entry: HistoryEntry) =>
  entry.kind === 'visit'
    ? { ...entry, at: entry.at.toISOString(), until: entry.until.toISOString() }
    : { ...entry, at: entry.at.toISOString() };

export const customerReads: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get(
    '/v1/insight/customers/:id/timeline',
    {
      config: { access: [...PERSONAL_READERS, 'scope:persons:read'] },
      schema: {
        operationId: 'getCustomerTimeline',
        summary: `Visits, purchases, returns, cases and words of a customer who agrees to it: the newest ${ENTRIES_MAX}`,
        tags: ['insight'],
        params: exactly({ id: Id }),
        response: {
          200: Type.Object({ entries: Type.Array(Entry) }),
          ...problems(insightErrors.customer_not_found, insightErrors.consent_missing),
        },
      },
    },
    async ({ params: { id } }) => {
      const { memberId } = await customerSeen(deps.db, id);
      const entries = await customerHistory(deps, { customerId: id, memberId }, true);
      return { entries: entries.map(told) };
    },
  );
};
