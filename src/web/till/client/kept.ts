import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Item } from './basket.ts';
import type { QueuedSale } from './queued-sale.ts';

/** What the till keeps in its browser: it outlives the tab, and a lost connection. */
interface Schema extends DBSchema {
  item: { key: string; value: Item };
  /** One thing by each name: the facts of prices, the basket in work. */
  kept: { key: string; value: unknown };
  /** In the order they were made. */
  sale: { key: number; value: QueuedSale; indexes: { id: string } };
}

export type Kept = IDBPDatabase<Schema>;

export const openKept = (): Promise<Kept> =>
  openDB<Schema>('stoa-till', 1, {
    upgrade(db) {
      db.createObjectStore('item', { keyPath: 'variantId' });
      db.createObjectStore('kept');
      db.createObjectStore('sale', { keyPath: 'place', autoIncrement: true }).createIndex('id', 'id', {
        unique: true,
      });
    },
    // Another tab has a newer page: it may not wait for this one.
    blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
  });
