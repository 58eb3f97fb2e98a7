import { conversationWrites } from './conversation-writes.ts';
import { load, type Load, median } from './load.ts';
import { numbersFrom } from './numbers.ts';
import { atMost, type Result } from './result.ts';
import { countOf, FULL_BOARD_PINS, type SocialSize, stagedId } from './social-ids.ts';
import { openSocialStage, type SocialStage } from './social-stage.ts';

const SMALL: SocialSize = { members: 10_000, pins: 100_000, products: 4_000 };
const LARGE: SocialSize = { members: 100_000, pins: 1_000_000, products: 4_000 };
const TIMES = 3;
const SECONDS = 5;
/** More than a server keeps rendered of anything. */
const MANY = 5_000;
const VISITS = 50_000;

interface Asked {
  paths: readonly string[];
  headers?: (nth: number) => Record<string, string>;
  pages?: number;
  warmSeconds?: number;
}

/**
 * What people read and write of each other, with 100,000 members, 1,000,000 pins, 50,000 looks and 500,000 reviews, ten
 * at once; and how much of it is due to there being so many: the same with a tenth of everything.
 */
export async function conversation(): Promise<Result[]> {
  const few = await onStage(SMALL, async (stage) => ({
    board: await boardsAsRead(stage),
    ...(await eachAsOften(stage)),
  }));
  const results: Result[] = [];
  const { board, feed, product, boardOnce, feedFirst, productOnce } = await onStage(LARGE, async (stage) => {
    const measured = { ...(await asPeopleRead(stage)), ...(await eachAsOften(stage)) };
    results.push(...(await conversationWrites(stage)));
    return measured;
  });
  return [
    atMost('board page of 60 pins, as boards are read, p50', board.p50, 20, 'ms'),
    atMost('board page, p99', board.p99, 120, 'ms'),
    atMost('board page, as boards are read, p50, ten times the members', board.p50 / few.board.p50, 1.5, '×'),
    atMost('board page, each board as often as any other, p50', boardOnce.p50, 20, 'ms'),
    atMost('board page, each as often, p99', boardOnce.p99, 120, 'ms'),
    atMost(
      'board page, each as often, p50, ten times the members',
      boardOnce.p50 / few.boardOnce.p50,
      1.5,
      '×',
    ),
    atMost('home feed as JSON, read on for five pages, one member after another, p50', feed.p50, 40, 'ms'),
    atMost('home feed, p99', feed.p99, 150, 'ms'),
    atMost('home feed, its first page alone, p50', feedFirst.p50, 40, 'ms'),
    atMost('home feed, its first page alone, p99', feedFirst.p99, 150, 'ms'),
    atMost(
      'home feed, its first page, p50, ten times the members',
      feedFirst.p50 / few.feedFirst.p50,
      1.5,
      '×',
    ),
    atMost('product page with all that people say of it, as products are read, p50', product.p50, 20, 'ms'),
    atMost('product page, p99', product.p99, 120, 'ms'),
    atMost('product page, each product as often as any other, p50', productOnce.p50, 20, 'ms'),
    atMost('product page, each as often, p99', productOnce.p99, 120, 'ms'),
    ...results,
  ];
}

async function onStage<T>(size: SocialSize, measure: (stage: SocialStage) => Promise<T>): Promise<T> {
  await using stage = await openSocialStage(size);
  return await measure(stage); // it ends with this function
}

/** After a while in which what is asked for again and again has come to be kept. */
const asPeopleRead = async (stage: SocialStage) => ({
  board: await boardsAsRead(stage),
  feed: await median3(stage, { ...feedOf(stage), pages: 5 }),
  product: await median3(stage, { paths: asRead(productsOf(stage)), warmSeconds: 25 }),
});

const boardsAsRead = (stage: SocialStage) =>
  median3(stage, { paths: asRead(boardsOf(stage)), warmSeconds: 25 });

const eachAsOften = async (stage: SocialStage) => ({
  boardOnce: await median3(stage, { paths: boardsOf(stage) }),
  feedFirst: await median3(stage, feedOf(stage)),
  productOnce: await median3(stage, { paths: productsOf(stage) }),
});

/** Those with pins for two pages that are not secret. */
function boardsOf({ size }: SocialStage): string[] {
  if (FULL_BOARD_PINS < 60) throw new Error('a full board fills a page');
  const full = Math.floor(countOf(size, 'board') / 50);
  return Array.from({ length: full }, (_, nth) => nth)
    .filter((nth) => nth % 10 !== 9)
    .map((nth) => `/boards/${stagedId(size, 'board', nth)}`);
}

const productsOf = ({ size, slugOf }: SocialStage): string[] =>
  Array.from({ length: Math.min(MANY, size.products) }, (_, nth) => `/p/${slugOf(nth * 7)}`);

/** In the order of a day's visitors: the nth is asked for a nth as often as the first (Zipf), which is how people read. */
function asRead(paths: readonly string[]): string[] {
  const random = numbersFrom(7);
  let sum = 0;
  const upTo = paths.map((_, nth) => (sum += 1 / (nth + 1)));
  return Array.from({ length: VISITS }, () => {
    const drawn = random() * sum;
    let [low, high] = [0, paths.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 0) < drawn) low = middle + 1;
      else high = middle;
    }
    return paths[low] ?? '/';
  });
}

/** Of one member after another, in no order. */
const feedOf = (stage: SocialStage): Asked => ({
  paths: ['/v1/feed'],
  headers: (nth) => ({ cookie: stage.cookieOf(nth * 37) }),
});

async function median3({ url }: SocialStage, { warmSeconds = 3, ...asked }: Asked): Promise<Load> {
  await load({ url, ...asked, seconds: warmSeconds });
  const runs: Load[] = [];
  for (let i = 0; i < TIMES; i++) runs.push(await load({ url, ...asked, seconds: SECONDS }));
  const of = (figure: keyof Load) => median(runs.map((run) => run[figure]));
  return { requestsPerSecond: of('requestsPerSecond'), p50: of('p50'), p99: of('p99') };
}
