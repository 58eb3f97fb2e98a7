import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { stockRanOut } from '#events/inventory.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { ping } from './endpoints.ts';
import { sendDue } from './follow-webhooks.ts';
import { deliveries, deliveryOf } from './log.ts';
import { opened, sealStoredSecrets } from './sealed-secret.ts';
import { setEndpoint } from './set-endpoint.ts';

test('secrets are stored sealed, each for its endpoint; bare ones of before are sealed, and another installation opens none', async ({
  db,
  deps,
}) => {
  const sender = { ...deps, config: { ...deps.config, webhooks: { isInsecure: true } } };
  const { secret: own } = sender.config;
  const anEndpoint = async () => {
    const wish = { id: randomUUID(), url: 'http://127.0.0.1:9/', description: '', isActive: true };
    const { secret } = await setEndpoint(sender, 'system', { ...wish, eventNames: [stockRanOut.name] });
    return { id: wish.id, secret: secret ?? '' };
  };
  const stored = async (endpointId: string) => {
    const { rows } = await sql<{ secret: string; old: string | null }>`
      select secret, old_secret as old from webhooks.endpoint where id = ${endpointId}`.execute(db);
    return rows[0] ?? { secret: '', old: null };
  };
  const [{ id, secret }, other] = [await anEndpoint(), await anEndpoint()];
  const { secret: kept } = await stored(id);
  expect(kept).toMatch(/^sealed1:[\w-]{80,}$/);
  expect(opened(kept, id, own)).toBe(secret);
  expect(opened(kept, other.id, own)).toBeUndefined();
  expect(opened(kept, id, 'a secret of another installation')).toBeUndefined();

  await sql`update webhooks.endpoint set secret = ${secret}, old_secret = ${other.secret}, old_secret_until = now()
    where id = ${id}`.execute(db);
  await inTransaction(db, (tx) => sealStoredSecrets(tx, own));
  const again = await stored(id);
  expect(again.secret).toMatch(/^sealed1:/);
  expect([again.secret, again.old].map((each) => opened(each ?? '', id, own))).toEqual([
    secret,
    other.secret,
  ]);
  await inTransaction(db, (tx) => sealStoredSecrets(tx, own));
  expect(await stored(id)).toEqual(again);

  await inTransaction(db, (tx) => ping(tx, id, sender.now()));
  await sendDue({ ...sender, config: { ...sender.config, secret: 'a secret of another installation' } });
  const [delivery] = await deliveries(db, { endpointId: id, limit: 1 });
  expect((await deliveryOf(db, id, delivery?.id ?? 0)).tries).toMatchObject([{ error: 'secret unreadable' }]);
});
