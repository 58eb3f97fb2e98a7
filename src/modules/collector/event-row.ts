/** An event as the table `event` has it. Times are milliseconds. */
export interface EventRow {
  sourceId: string;
  messageId: string;
  kind: string;
  name: string;
  version: number;
  keyedAt: number;
  occurredAt: number;
  receivedAt: number;
  skewMs: number;
  touchpoint: string;
  anonymousId: string;
  userId: string;
  memberId: string;
  organizationId: string;
  clientSessionId: string;
  region: string;
  cell: string;
  consent: Record<string, boolean>;
  isBot: boolean;
  commerce: Commerce;
  url: string;
  referrer: string;
  properties: string;
  traits: string;
  context: string;
}

/** The typed columns, by their names. What an event does not say is left at the column's own zero. */
export type Commerce = Record<TextColumn, string> &
  Record<NumberColumn, number> & { product_ids: string[]; product_quantities: number[] };

export const TEXT_COLUMNS = [
  'order_id',
  'cart_id',
  'product_id',
  'variant_id',
  'sku',
  'currency',
  'category',
  'coupon',
  'list_id',
  'query',
] as const;
export const NUMBER_COLUMNS = ['quantity', 'price_minor', 'amount_minor', 'position'] as const;
export type TextColumn = (typeof TEXT_COLUMNS)[number];
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];

export const NOBODY = '00000000-0000-0000-0000-000000000000';

/** In the order of `encoded`. */
export const COLUMNS = [
  'source_id',
  'message_id',
  'kind',
  'name',
  'version',
  'keyed_at',
  'occurred_at',
  'received_at',
  'skew_ms',
  'touchpoint',
  'anonymous_id',
  'user_id',
  'member_id',
  'organization_id',
  'client_session_id',
  'region',
  'cell',
  'consent',
  'is_bot',
  'url',
  'referrer',
  'properties',
  'traits',
  'context',
  ...TEXT_COLUMNS,
  ...NUMBER_COLUMNS,
  'product_ids',
  'product_quantities',
] as const;

/**
 * One line of JSONCompactEachRow. It is written once: whatever is sent again is these bytes. A whole number is a moment
 * in the column's own unit, milliseconds; writing a date would cost more than all the rest of the line.
 */
export function encoded(row: EventRow): string {
  const { commerce } = row;
  return JSON.stringify([
    row.sourceId,
    row.messageId,
    row.kind,
    row.name,
    row.version,
    row.keyedAt,
    row.occurredAt,
    row.receivedAt,
    row.skewMs,
    row.touchpoint,
    row.anonymousId,
    row.userId,
    row.memberId,
    row.organizationId,
    row.clientSessionId,
    row.region,
    row.cell,
    row.consent,
    row.isBot,
    row.url,
    row.referrer,
    row.properties,
    row.traits,
    row.context,
    ...TEXT_COLUMNS.map((column) => commerce[column]),
    ...NUMBER_COLUMNS.map((column) => commerce[column]),
    commerce.product_ids,
    commerce.product_quantities,
  ]);
}
