import { waitUntil } from '#platform/embedded/processes.ts';
import { ask } from './ask.ts';
import { buyFor } from './buyers.ts';
import { median } from './load.ts';
import { forgetWork, openShop, recordPastOrders, type Shop, shopOf, spreadOver } from './purchase-shop.ts';
import { atMost, type Result } from './result.ts';
import { benchFolder, type Stage, start } from './stage.ts';

const FEW = 1_000;
const [SECONDS, TIMES] = [10, 3];

/** Purchases of 10 buyers at once beside few past orders and beside many, in turn: both meet whatever else happens. */
export async function purchaseGrowth(small: Stage, shopOfFew: Shop): Promise<Result> {
  const past = Number(process.env['STOA_BENCH_PAST'] ?? 1_000_000);
  await recordPastOrders(small.databaseUrl, shopOfFew, FEW);
  await using large = await start(benchFolder('purchase-many'), 'off', { TRUST_PROXY: 'true' });
  const shopOfMany =
    (await shopOf(large.databaseUrl)) ?? (await openShop(large.databaseUrl, shopOfFew.variantIds.length));
  await recordPastOrders(large.databaseUrl, shopOfMany, past);
  await followed(large);
  const rate = async (stage: Stage, { variantIds }: Shop) => {
    await forgetWork(stage);
    return (await buyFor(stage.url, { count: 10, seconds: SECONDS, basket: spreadOver(variantIds) }))
      .perSecond;
  };
  await rate(large, shopOfMany); // warms it up
  const [few, many]: [number[], number[]] = [[], []];
  for (let i = 0; i < TIMES; i++) {
    few.push(await rate(small, shopOfFew));
    many.push(await rate(large, shopOfMany));
  }
  const name = `time of a purchase beside ${past.toLocaleString('en')} past orders over ${FEW.toLocaleString('en')}`;
  return atMost(name, median(few) / median(many), 1.2, '×');
}

const FOLLOW_LIMIT_MS = 30 * 60_000;

/** Until the figures have followed all that was recorded: that work is the import's, not a purchase's. */
async function followed({ databaseUrl }: Stage): Promise<void> {
  const isDone = async () => {
    const [row] = await ask<{ isDone: boolean }>(
      databaseUrl,
      `select (position, event_id) >= (select committed_by, id from platform.event order by committed_by desc, id desc limit 1)
         as "isDone" from insight.follower where name = 'sale_entry'`,
    );
    return row?.isDone ?? false;
  };
  if (!(await waitUntil(isDone, FOLLOW_LIMIT_MS))) throw new Error('the past was not followed in time');
}
