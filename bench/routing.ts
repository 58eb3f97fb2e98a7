import { seeded } from '#platform/seeded.ts';
import { type RuleSet, simulate, type World } from '../src/modules/routing/index.ts';
import { atLeast, atMost, type Result } from './result.ts';

const [ORDERS, LOCATIONS, VARIANTS, PLACES_OF_A_VARIANT] = [100_000, 500, 5_000, 40];
const START = Date.parse('2026-10-01T00:00:00Z');
const MONTH_MS = 30 * 86_400_000;

const RULES: RuleSet = {
  filters: [],
  weights: { promise: 50, cost: 25, distance: 15, load: 10 },
  split: 'within_line',
  locationsMax: 4,
  parcel: { baseMinor: 450, perKmMinor: 0.2 },
};

/** A month of orders of one to three lines, routed in memory by today's rules and by others. */
export async function routing(): Promise<Result[]> {
  const world = madeUp();
  const began = performance.now();
  const today = await simulate(world, RULES, RULES);
  const once = (performance.now() - began) / 1000;
  const { parcel } = RULES;
  const others: RuleSet = { ...RULES, split: 'never', filters: [{ keep: 'within_km', km: 900 }] };
  const tried = await simulate(world, others, { parcel, otherwise: today.promises });
  const both = (performance.now() - began) / 1000;
  for (const { outcome } of [today, tried]) process.stdout.write(`  ${JSON.stringify(outcome)}\n`);
  return [
    atLeast(`orders routed over ${LOCATIONS} locations in memory`, ORDERS / once, 1000, '/s'),
    atMost(`dry run of ${ORDERS} orders by two rule sets, without reading them`, both, 60, 's'),
  ];
}

function madeUp(): World {
  const random = seeded(7);
  const pick = (count: number) => Math.floor(random() * count);
  const hours = { opens: '09:00', closes: '18:00' };
  const week = [hours, hours, hours, hours, hours, hours, null];
  const locations = Array.from({ length: LOCATIONS }, (_, n) => ({
    id: `l${n}`,
    code: `l${String(n).padStart(3, '0')}`,
    kind: n % 10 === 0 ? ('warehouse' as const) : ('store' as const),
    latitude: 40 + random() * 18,
    longitude: -5 + random() * 25,
    timeZone: ['Europe/Amsterdam', 'Europe/London', 'Europe/Madrid'][n % 3] ?? 'UTC',
    openingHours: week,
    group: 'all',
    closures: [],
    cutOff: '15:00',
    handlingDays: n % 3,
    capacityPerDay: n % 10 === 0 ? null : 12,
    pickCostMinor: 50 + pick(50),
    packCostMinor: 80 + pick(80),
    ships: true,
  }));
  const free = Array.from({ length: VARIANTS }, (_, v) =>
    Array.from({ length: PLACES_OF_A_VARIANT }, () => ({
      variantId: `v${v}`,
      locationId: `l${pick(LOCATIONS)}`,
      quantity: 1 + pick(3),
    })),
  ).flat();
  const positions = new Map(
    Array.from({ length: 60 }, (_, n) => [
      `r${n}`,
      { latitude: 40 + random() * 18, longitude: -5 + random() * 25 },
    ]),
  );
  const orders = Array.from({ length: ORDERS }, (_, n) => ({
    at: START + (MONTH_MS * n) / ORDERS,
    regionCode: `r${pick(60)}`,
    promisedTo: null,
    transit: { transitDaysMin: 2, transitDaysMax: 4 },
    lines: [...new Set(Array.from({ length: 1 + pick(3) }, () => `v${pick(VARIANTS)}`))].map((variantId) => ({
      variantId,
      quantity: 1 + pick(2),
    })),
  }));
  return { locations, positions, free, changes: [], orders };
}
