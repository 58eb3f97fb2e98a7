import type { Access } from '#platform/access.ts';

/** A ledger as it leaves the house. All that is said of it in SQL is ours; what a caller says goes in as values. */
export interface Ledger {
  name: string;
  about: string;
  access: Access;
  /** The table whose rows it is; others are joined to it. */
  table: string;
  /** Columns, parted by commas. What is money has the name of a column that ends in `_minor`. */
  columns: string;
  from: string;
  /** What orders the rows and says where to go on: columns of an index, each with its type. */
  key: Readonly<Record<string, string>>;
  /** When a row came to be; absent where no row says so. */
  at?: string;
  /** Only these rows. */
  where?: string;
  /** True: it is added up for a moment that the caller names, by which `$1` stands. */
  isOfMoment?: boolean;
}

/**
 * True where a row's place follows from when it was written: what came since is what stands behind the last cursor.
 * Else a cursor only continues an export that was cut short, and `from` says what came since.
 */
export const isFollowed = ({ key }: Pick<Ledger, 'key'>): boolean =>
  ['bigint', 'xid8'].includes(Object.values(key)[0] ?? '');

const SCOPE = 'scope:exports:read';
export const STAFF = ['staff', SCOPE] as const satisfies Access;
export const CREDITORS = ['staff:merchant', 'staff:operations', SCOPE] as const satisfies Access;
/** Who did what here: for no machine. */
export const ADMINS = 'staff:admin' satisfies Access;
