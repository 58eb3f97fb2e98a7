import { addDays } from '#platform/days.ts';
import type { Tx } from '#platform/db.ts';
import { noteSpend, type SpendLine } from '../modules/marketing/index.ts';
import { priceIn } from './currency.ts';
import { seeded } from './pictures/index.ts';

const WEEKS = 52;
const CAMPAIGNS = ['Living room', 'Table and kitchen', 'Brand'];
/** What a week of one campaign costs in a market, in minor units of euros: more where more is bought. */
const A_WEEK_MINOR: Record<string, number> = {
  NL: 45_000,
  DE: 32_000,
  BE: 20_000,
  FR: 22_000,
  GB: 9_000,
  ES: 6_000,
};

/** A year of marketing in the demo's largest markets, made up. */
export async function demoSpending(tx: Tx, until: string, currency: string): Promise<void> {
  const lines: SpendLine[] = [];
  for (let week = 1; week <= WEEKS; week++) {
    const day = addDays(until, -7 * week);
    for (const [regionCode, aWeek] of Object.entries(A_WEEK_MINOR)) {
      const campaign = CAMPAIGNS[week % CAMPAIGNS.length] ?? '';
      const busy = 0.7 + 0.6 * seeded(`spending ${regionCode} ${week}`).next();
      const amountMinor = Math.round(priceIn(currency, aWeek) * busy);
      lines.push({ reference: `${day} ${regionCode}`, day, regionCode, campaign, currency, amountMinor });
    }
  }
  const now = new Date(`${until}T00:00:00Z`);
  await noteSpend(tx, 'demo-network', lines, { actor: 'system', today: until, now });
}
