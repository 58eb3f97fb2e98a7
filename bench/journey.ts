import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { inTransaction, openDb } from '#platform/db.ts';
import { setConsent } from '../src/modules/identity/index.ts';
import { resolved, someEvidence } from '../src/modules/persons/factory.ts';
import { journeyOfMember } from '../src/modules/persons/journey.ts';
import { customerNode, memberNode } from '../src/modules/persons/nodes.ts';
import { atMost, type Result } from './result.ts';
import { benchFolder, start } from './stage.ts';
import { storedEvents } from './stored-events.ts';

/** STOA_BENCH_EVENTS: how many events are stored, ten million unless it says. */
const EVENTS = Number(process.env['STOA_BENCH_EVENTS'] ?? 10_000_000);
const DAYS = 90;
const ROUNDS = 60;
const WARM = 10;
/** New for each run: what earlier ones joined to this device would make it a shared one. */
const SOURCE = randomUUID();

/** What led to an order, for a person with a member and a device, beside everybody's events of ninety days. */
export async function journey(): Promise<Result[]> {
  await using stage = await start(benchFolder('journey'), 'off');
  await using db = openDb(stage.databaseUrl, { max: 4 });
  const wish = { events: EVENTS, days: DAYS, sourceId: SOURCE };
  return await storedEvents(stage, wish, async (clickhouse) => {
    const [memberId, customerId, orderId] = [randomUUID(), randomUUID(), randomUUID()];
    await inTransaction(db, async (tx) => {
      await sql`insert into identity.member (id, name, email, email_verified)
        values (${memberId}, 'Ada Example', ${`${memberId}@example.com`}, true)`.execute(tx);
      await setConsent(tx, { memberId }, { analytics: true }, { touchpoint: 'web' });
    });
    await resolved(
      db,
      someEvidence(memberNode(memberId), { kind: 'anonymous', scope: SOURCE, value: 'visitor 777' }),
      someEvidence(memberNode(memberId), customerNode(customerId), { kind: 'order' }),
    );
    const at = '2026-06-20 12:00:00.000';
    await clickhouse.insert({
      table: 'event',
      format: 'JSONEachRow',
      values: [
        {
          source_id: '00000000-0000-0000-0000-000000000000',
          message_id: orderId,
          kind: 'ledger',
          name: 'orders.order_placed.v1',
          order_id: orderId,
          customer_id: customerId,
          keyed_at: at,
          occurred_at: at,
          received_at: at,
        },
      ],
    });
    const times: number[] = [];
    let steps = 0;
    for (let round = 0; round < ROUNDS + WARM; round++) {
      const began = performance.now();
      const about = { orderId, days: 30 };
      steps = (await journeyOfMember({ db, clickhouse }, memberId, 'analytics', about)).steps.length;
      if (round >= WARM) times.push(performance.now() - began);
    }
    assert(steps > 0, 'a journey without a step is none');
    times.sort((one, other) => one - other);
    const stored = `${EVENTS.toLocaleString('en')} events`;
    return [
      atMost(`a journey of ${steps} steps beside ${stored}, p50`, times[ROUNDS / 2] ?? Number.NaN, 30, 'ms'),
      atMost('the same, p95', times[Math.floor(ROUNDS * 0.95)] ?? Number.NaN, 60, 'ms'),
    ];
  });
}
