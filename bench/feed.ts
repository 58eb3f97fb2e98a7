import { homeFeed } from '../src/read/feed.ts';
import { median } from './load.ts';
import { atMost, type Result } from './result.ts';
import { openSocialStage, type SocialSize } from './social-stage.ts';

const SMALL: SocialSize = { members: 10_000, boards: 10_000, pins: 100_000, products: 4_000 };
const LARGE: SocialSize = { members: 100_000, boards: 100_000, pins: 1_000_000, products: 4_000 };
const WARM = 40;
const ASKED = 120;

/** A first page of the home feed for members all over, one after the other: small, and with ten times of everything. */
export async function feed(): Promise<Result[]> {
  const small = await timesOf(SMALL);
  const large = await timesOf(LARGE);
  return [
    atMost('home feed, 100,000 members and 1,000,000 pins, p50', median(large), 40, 'ms'),
    atMost('home feed, the same, p99', percentile(large, 0.99), 150, 'ms'),
    atMost('home feed p50, ten times the members and pins', median(large) / median(small), 1.5, '×'),
  ];
}

async function timesOf(size: SocialSize): Promise<number[]> {
  await using stage = await openSocialStage(size);
  const times: number[] = [];
  for (let nth = 0; nth < WARM + ASKED; nth++) {
    const memberId = stage.memberOf(Math.floor((nth * size.members) / (WARM + ASKED)));
    const began = performance.now();
    const { cards } = await homeFeed(stage.reads, memberId, { seed: nth });
    if (cards.length === 0) throw new Error('a feed was empty');
    if (nth >= WARM) times.push(performance.now() - began);
  }
  return times;
}

const percentile = (list: readonly number[], share: number): number =>
  list.toSorted((one, other) => one - other)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
