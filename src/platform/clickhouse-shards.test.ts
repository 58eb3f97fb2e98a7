import { expect, test } from 'vitest';
import { shardedForm } from './clickhouse-shards.ts';

const SHARDING = { cluster: 'main', isReplicated: false, spreadBy: {} };
const HEAD = 'CREATE TABLE IF NOT EXISTS sale';
const TABLE = `${HEAD} (k UInt32, d Date) ENGINE = ReplacingMergeTree(k) PARTITION BY d ORDER BY (k, toDate(d)) SETTINGS a = 1`;

test('a table is kept in parts, with one before them that spreads rows by their whole sorting key', () => {
  const toForm = shardedForm(SHARDING);
  expect(toForm(TABLE)).toEqual([
    TABLE.replace('sale', 'sale_local'),
    "create table if not exists sale as sale_local engine = Distributed('main', currentDatabase(), sale_local, cityHash64(k, toDate(d)))",
  ]);
  expect(toForm('CREATE TABLE one (k UInt8) ENGINE = MergeTree ORDER BY k')[1]).toBe(
    "create table if not exists one as one_local engine = Distributed('main', currentDatabase(), one_local, cityHash64(k))",
  );
});

test('a table that its module spreads by something else is spread by that', () => {
  const toForm = shardedForm({ ...SHARDING, spreadBy: { sale: 'k' } });
  expect(toForm(TABLE)[1]).toMatch(/sale_local, k\)$/);
});

test('where shards have replicas, the parts are kept alike by the servers', () => {
  const toForm = shardedForm({ ...SHARDING, isReplicated: true });
  expect(toForm(TABLE)[0]).toBe(
    `${HEAD}_local (k UInt32, d Date) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', k) PARTITION BY d ORDER BY (k, toDate(d)) SETTINGS a = 1`,
  );
  expect(toForm('CREATE TABLE one (k UInt8) ENGINE = MergeTree ORDER BY k')[0]).toBe(
    "CREATE TABLE one_local (k UInt8) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}') ORDER BY k",
  );
});

test('columns are changed in the parts and before them, rows and indexes in the parts alone', () => {
  const toForm = shardedForm(SHARDING);
  toForm(TABLE);
  expect(toForm('ALTER TABLE sale ADD COLUMN IF NOT EXISTS b Bool')).toEqual([
    'ALTER TABLE sale_local ADD COLUMN IF NOT EXISTS b Bool',
    'ALTER TABLE sale ADD COLUMN IF NOT EXISTS b Bool',
  ]);
  expect(toForm('ALTER TABLE sale ADD INDEX i k TYPE minmax')).toEqual([
    'ALTER TABLE sale_local ADD INDEX i k TYPE minmax',
  ]);
});

test('a view that a landing table feeds writes to all nodes; one that a spread table feeds keeps its sums beside its part', () => {
  const toForm = shardedForm(SHARDING);
  toForm(TABLE);
  toForm(TABLE.replace('sale', 'sums'));
  const landing = 'CREATE TABLE landing (k UInt32) ENGINE = Null';
  expect(toForm(landing)).toEqual([landing]);
  const fed = 'CREATE MATERIALIZED VIEW IF NOT EXISTS v TO sale AS SELECT k FROM landing';
  expect(toForm(fed)).toEqual([fed]);
  expect(
    toForm('CREATE MATERIALIZED VIEW IF NOT EXISTS s TO sums AS\nSELECT k FROM sale GROUP BY k'),
  ).toEqual([
    'CREATE MATERIALIZED VIEW IF NOT EXISTS s TO sums_local AS\nSELECT k from sale_local GROUP BY k',
  ]);
  const read = 'CREATE VIEW IF NOT EXISTS r AS SELECT k FROM sale FINAL';
  expect(toForm(read)).toEqual([read]);
});
