import type { Db } from '#platform/db.ts';
import type { DB } from './tables.ts';

/** This module's tables, and no others. */
export const own = (db: Db) => db.withTables<Pick<DB, keyof DB>>();
