import { conversationWrites } from './conversation-writes.ts';
import { load, type Load, median } from './load.ts';
import { atMost, type Result } from './result.ts';
import { countOf, FULL_BOARD_PINS, type SocialSize, stagedId } from './social-ids.ts';
import { openSocialStage, type SocialStage } from './social-stage.ts';

const SMALL: SocialSize = { members: 10_000, pins: 100_000, products: 4_000 };
const LARGE: SocialSize = { members: 100_000, pins: 1_000_000, products: 4_000 };
const TIMES = 3;
const SECONDS = 5;
/** More than a server keeps rendered of anything. */
const MANY = 5_000;

interface Asked {
  paths: readonly string[];
  headers?: (nth: number) => Record<string, string>;
}

/**
 * What people read and write of each other, with 100,000 members, 1,000,000 pins, 50,000 looks and 500,000 reviews, ten
 * at once; and how much of it is due to there being so many: the same with a tenth of everything.
 */
export async function conversation(): Promise<Result[]> {
  const few = await reads(SMALL);
  const results: Result[] = [];
  const many = await reads(LARGE, async (stage) => {
    results.push(...(await conversationWrites(stage)));
  });
  const { board, feed, product } = many;
  return [
    atMost(`board page of 60 pins, many boards, p50`, board.p50, 20, 'ms'),
    atMost('board page, p99', board.p99, 120, 'ms'),
    atMost('board page p50, ten times the members', board.p50 / few.board.p50, 1.5, '×'),
    atMost('home feed as JSON, as many members as there are, p50', feed.p50, 40, 'ms'),
    atMost('home feed, p99', feed.p99, 150, 'ms'),
    atMost('home feed p50, ten times the members', feed.p50 / few.feed.p50, 1.5, '×'),
    atMost('product page with all that people say of it, p50', product.p50, 20, 'ms'),
    atMost('product page, p99', product.p99, 120, 'ms'),
    ...results,
  ];
}

async function reads(size: SocialSize, then?: (stage: SocialStage) => Promise<void>) {
  await using stage = await openSocialStage(size);
  const full = Math.floor(countOf(size, 'board') / 50);
  // Of those with pins for two pages, the ones that are not secret.
  const boards = Array.from({ length: full }, (_, nth) => nth).filter((nth) => nth % 10 !== 9);
  if (FULL_BOARD_PINS < 60) throw new Error('a full board fills a page');
  const found = {
    board: await median3(stage, { paths: boards.map((nth) => `/boards/${stagedId(size, 'board', nth)}`) }),
    feed: await median3(stage, {
      paths: ['/v1/feed'],
      headers: (nth) => ({ cookie: stage.cookieOf(nth * 37) }),
    }),
    product: await median3(stage, {
      paths: Array.from({ length: Math.min(MANY, size.products) }, (_, nth) => `/p/${stage.slugOf(nth * 7)}`),
    }),
  };
  await then?.(stage);
  return found;
}

async function median3({ url }: SocialStage, asked: Asked): Promise<Load> {
  await load({ url, ...asked, seconds: 3 }); // warms it up
  const runs: Load[] = [];
  for (let i = 0; i < TIMES; i++) runs.push(await load({ url, ...asked, seconds: SECONDS }));
  const of = (figure: keyof Load) => median(runs.map((run) => run[figure]));
  return { requestsPerSecond: of('requestsPerSecond'), p50: of('p50'), p99: of('p99') };
}
