import { type Static, Type } from 'typebox';
import type { Location } from '#modules/inventory/index.ts';
import type { Share, Sharing, Territory } from '#modules/market/index.ts';
import { Id } from '#platform/schema.ts';
import type { RegionSales } from '#read/region-sales.ts';
import type { MarketRegion } from '#read/market-regions.ts';
import { Text } from '../page.ts';
import type { SharingErrors, TypedSharing } from './sharing-typed.ts';

const STORES_MAX = 200;

/** The form as it is sent. */
export const TerritoryBody = Type.Object(
  {
    id: Id,
    region: Text(60),
    from: Text(10),
    note: Text(200),
    do: Type.Enum(['preview', 'set']),
  },
  // A field for each store: "store-<its code>".
  { additionalProperties: Type.String({ maxLength: 20 }), maxProperties: STORES_MAX },
);
export type TypedTerritory = Static<typeof TerritoryBody> & Record<string, string>;

export interface TerritoryView {
  list: Territory[];
  /** What the list is narrowed to: a region's code, a store's code. */
  filters: { region: string; store: string };
  places: Location[];
  regions: Map<string, MarketRegion>;
  typed: TypedTerritory;
  errors: Record<string, string>;
  /** How the stores of the form would share the region. */
  shares?: Share[];
  /** What was sold lately in what is to be given. */
  moving?: RegionSales;
  typedSharing: TypedSharing;
  sharingErrors: SharingErrors;
  /** How all who share a region would, by what was typed. */
  tried?: Sharing;
}
