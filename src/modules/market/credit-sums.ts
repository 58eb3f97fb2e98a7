import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { MarketCreditKind } from './tables.ts';

export interface CreditPeriod {
  /** Business days, both ends included. */
  from: string;
  to: string;
  currency: string;
}

/** What a location was credited with. The two are of different kinds, and are never added to each other. */
export interface LocationCredits {
  locationId: string;
  regionalMinor: number;
  fulfilmentMinor: number;
}

export interface AssociateCredits {
  associateId: string;
  amountMinor: number;
}

export interface CreditSums {
  locations: LocationCredits[];
  associates: AssociateCredits[];
  /** Sales in regions that no territory claims. */
  unassignedMinor: number;
  /** All regional credits and what is unassigned: the net sales of the period. */
  regionalMinor: number;
}

interface Sum {
  kind: MarketCreditKind;
  locationId: string | null;
  associateId: string | null;
  amountMinor: number;
}

/** The credits of a period, from the ledger's sums by day. */
export async function creditSums(db: Db, { from, to, currency }: CreditPeriod): Promise<CreditSums> {
  const { rows } = await sql<Sum>`
    select kind, location_id as "locationId", associate_id as "associateId",
      sum(amount_minor)::bigint as "amountMinor"
    from market.credit_day
    where business_day between ${from}::date and ${to}::date and currency = ${currency}
    group by kind, location_id, associate_id
    order by location_id, associate_id`.execute(db);
  const locations = new Map<string, LocationCredits>();
  const sums: CreditSums = { locations: [], associates: [], unassignedMinor: 0, regionalMinor: 0 };
  for (const { kind, locationId, associateId, amountMinor } of rows) {
    if (kind === 'associate') {
      if (associateId) sums.associates.push({ associateId, amountMinor });
      continue;
    }
    if (kind === 'regional') sums.regionalMinor += amountMinor;
    if (locationId === null) {
      sums.unassignedMinor += amountMinor;
      continue;
    }
    const location = locations.get(locationId) ?? { locationId, regionalMinor: 0, fulfilmentMinor: 0 };
    if (kind === 'regional') location.regionalMinor += amountMinor;
    else location.fulfilmentMinor += amountMinor;
    locations.set(locationId, location);
  }
  return { ...sums, locations: [...locations.values()] };
}
