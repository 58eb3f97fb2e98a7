import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { enter } from './operations.ts';

/** What was taken stays taken, and the payment's buyer has it as store credit. The caller holds the payment's row. */
export async function creditInstead(
  tx: Tx,
  { id: operationId, paymentId, amountMinor }: { id: string; paymentId: string; amountMinor: number },
  now: Date,
): Promise<void> {
  const { numAffectedRows } = await sql`
    update payments.payment set credited_minor = credited_minor + ${amountMinor}::bigint
    where id = ${paymentId}
      and captured_minor - refunded_minor - to_refund_minor - credited_minor >= ${amountMinor}::bigint`.execute(
    tx,
  );
  assert.equal(numAffectedRows, 1n);
  await enter(tx, { paymentId, operationId, kind: 'credited', amountMinor }, now);
}
