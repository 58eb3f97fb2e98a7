import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { knownCustomerOf } from '../identity/index.ts';
import { customersTogether, membersAppearing } from '../persons/index.ts';
import { type Advocacy, advocacyReason, type AdvocacySegment, advocacyTitle } from './advocacy.ts';
import { FIGURES_PURPOSE } from './customers-count.ts';
import { type Interest, interestReason } from './interests.ts';
import { own } from './own.ts';

/** What a customer is drawn to, and what others have of them, each with the reason in words. */
export interface CustomerTastes {
  interests: (Interest & { reason: string })[];
  advocacy: (Advocacy & { title: string; reason: string }) | null;
}

const NOTHING: CustomerTastes = { interests: [], advocacy: null };

/** For who has found that the customers agree at this moment. */
export async function tastesOfAgreed(
  db: Db,
  customerIds: readonly string[],
): Promise<Map<string, CustomerTastes>> {
  if (customerIds.length === 0) return new Map();
  const [interests, advocacy] = await Promise.all([
    own(db)
      .selectFrom('insight.customer_interest')
      .select([
        'customer_id as customerId',
        'kind',
        'target_id as targetId',
        'title',
        'viewed',
        'saved',
        'bought',
      ])
      .select(['weight', 'own_share as ownShare', 'all_share as allShare', 'lift'])
      .where('customer_id', 'in', customerIds)
      .orderBy('lift', 'desc')
      .orderBy('target_id')
      .execute(),
    own(db)
      .selectFrom('insight.customer_advocacy')
      .select([
        'customer_id as customerId',
        'reviews',
        'answers',
        'made',
        'shared',
        'helpful',
        'saved',
        'brought',
      ])
      .select(['points', sql<AdvocacySegment | null>`segment`.as('segment')])
      .where('customer_id', 'in', customerIds)
      .execute(),
  ]);
  const byCustomer = Map.groupBy(interests, ({ customerId }) => customerId);
  const heard = new Map(advocacy.map(({ customerId, ...counts }) => [customerId, counts]));
  return new Map(
    customerIds.map((id) => {
      const counts = heard.get(id);
      const told = (byCustomer.get(id) ?? []).map(({ customerId: _customer, ...interest }) => ({
        ...interest,
        reason: interestReason(interest),
      }));
      const said = counts && {
        ...counts,
        title: advocacyTitle(counts.segment),
        reason: advocacyReason(counts),
      };
      return [id, { interests: told, advocacy: said ?? null }];
    }),
  );
}

/** Of several accounts of one person: of each interest where it stands out most, and of what others have of them the most. */
export function tastesTogether(each: readonly CustomerTastes[]): CustomerTastes {
  const sorted = each
    .flatMap(({ interests }) => interests)
    .toSorted((one, other) => other.lift - one.lift || (one.targetId < other.targetId ? -1 : 1));
  const interests = new Map<string, CustomerTastes['interests'][number]>();
  for (const interest of sorted)
    if (!interests.has(interest.targetId)) interests.set(interest.targetId, interest);
  const [advocacy = null] = each
    .flatMap((tastes) => (tastes.advocacy ? [tastes.advocacy] : []))
    .toSorted((one, other) => other.points - one.points);
  return { interests: [...interests.values()], advocacy };
}

/** Of all accounts of whom a customer is one, for who has found that they agree at this moment. */
export async function tastesOfPerson(db: Db, customerId: string): Promise<CustomerTastes> {
  const accounts = (await customersTogether(db, [customerId])).get(customerId) ?? [customerId];
  return tastesTogether([...(await tastesOfAgreed(db, accounts)).values()]);
}

/** What is kept of a member, for themselves: nothing unless they agree. */
export async function tastesOfMember(db: Db, memberId: string): Promise<CustomerTastes> {
  const customerId = await knownCustomerOf(db, memberId);
  if (customerId === undefined) return NOTHING;
  const agreed = await membersAppearing(db, [memberId], FIGURES_PURPOSE);
  if (!agreed.has(memberId)) return NOTHING;
  return tastesOfPerson(db, customerId);
}

/** What the list can be narrowed to, by name. */
export async function interestsShared(db: Db): Promise<{ targetId: string; title: string }[]> {
  return own(db)
    .selectFrom('insight.customer_interest')
    .select(['target_id as targetId', ({ fn }) => fn.max('title').as('title')])
    .groupBy('target_id')
    .orderBy('title')
    .orderBy('target_id')
    .limit(INTERESTS_TOLD_MAX)
    .execute();
}

const INTERESTS_TOLD_MAX = 200;
