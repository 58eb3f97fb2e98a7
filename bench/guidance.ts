import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readSales } from '../src/imports/import-file.ts';
import { readMapping } from '../src/imports/mapping.ts';
import { type Series, WEEK } from '../src/modules/guidance/baseline.ts';
import { generateMarket, type Incident, seriesOfRegion } from '../src/modules/guidance/generated-market.ts';
import { type Alarm, alarmsOf, judge } from '../src/modules/guidance/judge.ts';
import { guidanceOfSupply } from './guidance-supply.ts';
import { atLeast, atMost, type Result } from './result.ts';
import { benchFolder } from './stage.ts';

/** Orders a day, from a region that hardly sells to one that carries the market. */
const SIZES = [6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 65, 80, 100, 130, 160, 200, 300, 400, 600, 1_000];
const YEAR = 365;
/** A year to learn what a year does, and eight weeks before it. */
const PAST = YEAR + 70;
/** Nothing was tuned on these. */
const QUIET_SEEDS = [301, 302, 303];
const STRUCK_SEEDS = [401, 402, 403, 404];
/** An incident begins every so many days, in regions by turns. */
const GAP_DAYS = 21;
const INCIDENT_DAYS = 7;
const LARGE_FROM = 100;
const KINDS = [
  { name: 'a fall by half', times: 0.5 },
  { name: 'a fall by three tenths', times: 0.7 },
  { name: 'a rise by half', times: 1.5 },
] as const;

/** How often detection is wrong where nothing happened, and what it finds of what did. */
export async function guidance(): Promise<Result[]> {
  const quiet = QUIET_SEEDS.map(quietYear);
  const sum = (of: 'alarmDays' | 'alarms' | 'judged') => quiet.reduce((total, year) => total + year[of], 0);
  process.stdout.write(
    `  quiet years: ${sum('alarms')} alarms on ${sum('alarmDays')} days of ${quiet.length} years, ${sum('judged')} judgements\n`,
  );
  const began = performance.now();
  quietYear(QUIET_SEEDS[0] ?? 0);
  const dayMs = (performance.now() - began) / YEAR;
  return [
    atMost(
      'false alarms: days of a year without incident that have any',
      sum('alarmDays') / quiet.length,
      4,
      'days',
    ),
    ...KINDS.flatMap(recallOf),
    atMost(`a day of ${SIZES.length * 5} series judged`, dayMs, 100, 'ms'),
    ...guidanceOfSupply(),
    ...(await retailYear()),
  ];
}

interface Keyed {
  key: string;
  series: Series;
}

const alarmsAt = (all: readonly Keyed[], index: number): Alarm<string>[] =>
  alarmsOf(all.map(({ key, series }) => ({ key, judgements: judge(series, index) })));

function quietYear(seed: number) {
  const all = generateMarket(seed, SIZES, PAST + YEAR).flatMap(seriesOfRegion);
  let alarms = 0;
  let alarmDays = 0;
  let judged = 0;
  for (let day = PAST; day < PAST + YEAR; day++) {
    const found = all.map(({ key, series }) => ({ key, judgements: judge(series, day) }));
    judged += found.reduce((total, { judgements }) => total + judgements.length, 0);
    const alarm = alarmsOf(found).length;
    alarms += alarm;
    alarmDays += alarm > 0 ? 1 : 0;
  }
  return { alarms, alarmDays, judged };
}

/** Incidents are found when an alarm of their region and direction comes while they last. */
function recallOf({ name, times }: (typeof KINDS)[number]): Result[] {
  const found = { large: 0, small: 0 };
  const planted = { large: 0, small: 0 };
  const delays: number[] = [];
  for (const seed of STRUCK_SEEDS) {
    const incidents = plantedIn(seed, times);
    const all = generateMarket(seed, SIZES, PAST + YEAR, incidents).flatMap(seriesOfRegion);
    const byDay = new Map<number, Alarm<string>[]>();
    for (const { region, from, days } of incidents) {
      const size = (SIZES[region] ?? 0) >= LARGE_FROM ? 'large' : 'small';
      planted[size] += 1;
      for (let day = from; day < from + days; day++) {
        const alarms = byDay.get(day) ?? alarmsAt(all, day);
        byDay.set(day, alarms);
        const direction = times < 1 ? 'down' : 'up';
        if (
          !alarms.some(
            ({ key, judgement }) => key.startsWith(`R${region} `) && judgement.direction === direction,
          )
        )
          continue;
        found[size] += 1;
        delays.push(day - from + 1);
        break;
      }
    }
  }
  const delay = delays.reduce((sum, days) => sum + days, 0) / Math.max(1, delays.length);
  const small = `${found.small} of ${planted.small} in regions below ${LARGE_FROM} orders a day`;
  process.stdout.write(`  ${name}: after ${delay.toFixed(1)} days; ${small}\n`);
  return [
    atLeast(
      `recall of ${name} of a week, regions from ${LARGE_FROM} orders a day`,
      found.large / planted.large,
      times === 0.7 ? 0.5 : 0.85,
      '',
    ),
  ];
}

function plantedIn(seed: number, times: number): Incident[] {
  const count = Math.floor(YEAR / GAP_DAYS);
  return Array.from({ length: count }, (_, index) => ({
    region: (index * 7 + seed) % SIZES.length,
    from: PAST + index * GAP_DAYS + 3,
    days: INCIDENT_DAYS,
    times,
  }));
}

/** The year of the file that STOA_BENCH_RETAIL names: what is found in it is told, and nothing of it is judged. */
async function retailYear(): Promise<Result[]> {
  const file = process.env['STOA_BENCH_RETAIL'];
  if (!file || !existsSync(file)) {
    process.stdout.write(
      '  the year of a retailer left out: STOA_BENCH_RETAIL is not the path of online-retail.csv.gz.\n',
    );
    return [];
  }
  const dir = benchFolder('guidance');
  const mapping = readMapping('online-retail');
  const { survey } = await readSales({ file, mapping, reportsDir: join(dir, 'reports'), now: new Date() });
  rmSync(dir, { recursive: true, force: true });
  const first = Date.parse('2010-12-01T00:00:00Z');
  const dayOf = (at: number) => Math.floor((at - first) / 86_400_000);
  const regions = new Map<string, number[]>();
  for (const { isReturn, at, region: regionCode } of survey.documents) {
    if (isReturn) continue;
    const orders = regions.get(regionCode) ?? Array.from({ length: 374 }, () => 0);
    orders[dayOf(at)] = (orders[dayOf(at)] ?? 0) + 1;
    regions.set(regionCode, orders);
  }
  const all = [...regions].map(([key, values]) => ({ key, series: { values, piece: 1, weekday: 2 } }));
  for (let day = 56 + WEEK; day < 374; day++) {
    for (const { key, judgement } of alarmsAt(all, day)) {
      const date = new Date(first + day * 86_400_000).toISOString().slice(0, 10);
      process.stdout.write(
        `  ${date} ${key}: ${judgement.observed} orders in ${judgement.span} days, ${judgement.expected.toFixed(0)} expected\n`,
      );
    }
  }
  return [];
}
