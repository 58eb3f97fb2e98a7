import { rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { productDetailJson, productListJson } from '../src/modules/catalog/index.ts';
import { archive } from './archive.ts';
import { ask } from './ask.ts';
import { brokering } from './brokering.ts';
import { collector } from './collector.ts';
import { experiments } from './experiments.ts';
import { guidance } from './guidance.ts';
import { insight } from './insight.ts';
import { complements } from './complements.ts';
import { conversation } from './conversation.ts';
import { freshness } from './freshness.ts';
import { funnel } from './funnel.ts';
import { importRate } from './import-rate.ts';
import { journey } from './journey.ts';
import { lighthouseScores } from './lighthouse.ts';
import { load, type Load, median, medianLoad } from './load.ts';
import { looks } from './looks.ts';
import { memoryMostOf, memoryOf, processorSecondsOf } from './process.ts';
import { atLeast, atMost, type Result } from './result.ts';
import { benchFolder, openBare, openStage, settled, type Stage, start as startStoa } from './stage.ts';
import { purchase } from './purchase.ts';
import { retailLedger } from './retail-ledger.ts';
import { routing } from './routing.ts';
import { signals } from './signals.ts';
import { statementOf } from './statements.ts';

const LIST = '/v1/catalog/products';

/** Each gets the large demo, running. */
export const benchmarks: Record<string, (stage: Stage) => Promise<Result[]>> = {
  start,
  memory, // before anything else has been asked of the server
  json,
  search,
  page,
  growth,
  lighthouse,
  'lighthouse-people': lighthousePeople,
  freshness,
  import: importRate,
  'retail-ledger': retailLedger,
  'first-start': firstStart,
  routing,
  brokering,
  purchase,
  looks,
  signals,
  collector,
  insight,
  guidance,
  experiments,
  journey,
  funnel,
  conversation,
  complements,
  archive,
};

async function start({ readyMs }: Stage): Promise<Result[]> {
  return [atMost('ready again after the first start', readyMs / 1000, 6, 's')];
}

/** List and detail beside a bare route that runs the same SQL text once and returns its text. */
async function json({ url, databaseUrl }: Stage): Promise<Result[]> {
  const slugs = await someSlugs(databaseUrl, 100);
  const statements = {
    '/list': await statementOf(databaseUrl, [{}], productListJson),
    '/detail': await statementOf(databaseUrl, slugs, productDetailJson),
  };
  await using bare = await openBare(databaseUrl, statements);
  const ours = { list: [LIST], detail: slugs.map((slug) => `${LIST}/${slug}`) };
  const results: Result[] = [];
  for (const name of ['list', 'detail'] as const) {
    const limits: Load[] = [];
    const figures: Load[] = [];
    // In turn, so that whatever else the machine does meets both.
    for (let i = 0; i < 3; i++) {
      limits.push(await load({ url: bare.url, paths: [`/${name}`] }));
      figures.push(await load({ url, paths: ours[name] }));
    }
    const limit = median(limits.map((run) => run.requestsPerSecond));
    const figure = median(figures.map((run) => run.requestsPerSecond));
    results.push({
      name: `product ${name} as JSON, 10 connections`,
      figure: `${figure.toFixed(0)}/s, ${(figure / limit).toFixed(2)} of bare`,
      limit: `0.5 × ${limit.toFixed(0)}/s of a bare route`,
      ratio: figure / limit / 0.5,
    });
  }
  return results;
}

async function search({ url, databaseUrl }: Stage): Promise<Result[]> {
  const words = [
    'vase',
    'lamp',
    'oak',
    'blanket',
    'mug',
    'linen',
    'basket',
    'stool',
    'mirror',
    'glass',
    'sarn',
    'herringbone',
  ];
  const paths = words.map((word) => `/v1/catalog/search?q=${word}`);
  const plain = await medianLoad({ url, paths });
  const misspelt = ['vaze', 'lmap', 'blankt', 'baskte', 'miror', 'herringbon'];
  const wrong = await medianLoad({ url, paths: misspelt.map((word) => `/v1/catalog/search?q=${word}`) });
  const products = await countProducts(databaseUrl);
  return [
    atMost(`search by a word over ${products} products, p50`, plain.p50, 15, 'ms'),
    atMost('search by a word, p99', plain.p99, 80, 'ms'),
    atMost('search by a misspelt word, p50', wrong.p50, 15, 'ms'),
    atMost('search by a misspelt word, p99', wrong.p99, 80, 'ms'),
  ];
}

async function page({ url, pid, databaseUrl }: Stage): Promise<Result[]> {
  const paths = (await someSlugs(databaseUrl, 100)).map((slug) => `/p/${slug}`);
  const rate = await ratePerProcessorSecond({ url, pid }, paths);
  // More than it keeps rendered, so that each is rendered anew.
  const many = (await someSlugs(databaseUrl, 5_000)).map((slug) => `/p/${slug}`);
  const rateAnew = await ratePerProcessorSecond({ url, pid }, many);
  const answer = await fetch(`${url}${paths[0] ?? ''}`);
  const html = await answer.text();
  const scripts = [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map(([, source]) => source ?? '');
  const sizes = await Promise.all(
    scripts.map(
      async (source) => gzipSync(Buffer.from(await (await fetch(new URL(source, url))).arrayBuffer())).length,
    ),
  );
  return [
    atLeast('product page as HTML, 100 products, for each second of the server’s processor', rate, 400, '/s'),
    atLeast(
      'product page as HTML, 5,000 products, for each second of the server’s processor',
      rateAnew,
      400,
      '/s',
    ),
    atMost('product page, raw HTML', Buffer.byteLength(html) / 1000, 40, 'kB'),
    atMost('client JavaScript, gzip', sizes.reduce((sum, size) => sum + size, 0) / 1000, 20, 'kB'),
  ];
}

async function ratePerProcessorSecond(
  { url, pid }: Pick<Stage, 'url' | 'pid'>,
  paths: readonly string[],
): Promise<number> {
  const seconds = 6;
  const rates: number[] = [];
  await load({ url, paths, seconds: 3 }); // warms it up
  for (let i = 0; i < 3; i++) {
    const before = processorSecondsOf(pid);
    const { requestsPerSecond } = await load({ url, paths, seconds });
    rates.push((requestsPerSecond * seconds) / (processorSecondsOf(pid) - before));
  }
  return median(rates);
}

/** The same questions to 1,000 and to 100,000 products. */
async function growth(large: Stage): Promise<Result[]> {
  await using small = await openStage('medium');
  const measure = async (stage: Stage) => {
    const slugs = await someSlugs(stage.databaseUrl, 100);
    return {
      list: await medianLatency(stage.url, [LIST]),
      detail: await medianLatency(
        stage.url,
        slugs.map((slug) => `${LIST}/${slug}`),
      ),
    };
  };
  const few = await measure(small);
  const many = await measure(large);
  return (['list', 'detail'] as const).map((name) =>
    atMost(`p50 of ${name} at 100,000 products over 1,000`, many[name] / few[name], 1.3, '×'),
  );
}

/** One request after the other, timed by itself: finer than a load generator's whole milliseconds. */
async function medianLatency(url: string, paths: readonly string[], count = 600): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const before = performance.now();
    await (await fetch(url + (paths[i % paths.length] ?? ''))).arrayBuffer();
    times.push(performance.now() - before);
  }
  return median(times.slice(100)); // the first hundred warm it up
}

const REST_MS = 30_000;

async function memory({ url, pid, databaseUrl }: Stage): Promise<Result[]> {
  await setTimeout(REST_MS);
  const rest = memoryOf(pid);
  const slugs = await someSlugs(databaseUrl, 100);
  const paths = slugs.flatMap((slug) => [`/p/${slug}`, `${LIST}/${slug}`, LIST, '/']);
  await load({ url, paths, connections: 20, seconds: 15 });
  return [
    atMost('server process at rest', rest, 250, 'MB'),
    atMost('server process under load', memoryMostOf(pid), 500, 'MB'),
  ];
}

/** The demo that a new user gets, from nothing until its last picture is made. */
async function firstStart(): Promise<Result[]> {
  const dataDir = benchFolder('first');
  rmSync(dataDir, { recursive: true, force: true });
  try {
    await using first = await startStoa(dataDir, 'small');
    await settled(first);
    const most = memoryMostOf(first.pid);
    await setTimeout(REST_MS);
    return [
      atMost('ready the first time', first.readyMs / 1000, 60, 's'),
      atMost('server process during a first start, until all pictures are made', most, 500, 'MB'),
      atMost('server process at rest after a first start', memoryOf(first.pid), 250, 'MB'),
    ];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const LIMITS = { performance: 98, accessibility: 100, 'best-practices': 95, seo: 100 } as const;

async function lighthouse({ url, databaseUrl }: Stage): Promise<Result[]> {
  const [slug] = await someSlugs(databaseUrl, 1);
  return scored(url, { home: '/', category: '/c/vases', product: `/p/${slug ?? ''}` });
}

/** What people make, as a guest meets it, and the product of which most is said. */
async function lighthousePeople({ url, databaseUrl }: Stage): Promise<Result[]> {
  const newest = async (kind: string) => {
    const rows = await ask<{ id: string }>(
      databaseUrl,
      `select id from social.piece where kind = $1 and state = 'live' and visibility = 'public'
       order by made_at desc, id limit 1`,
      [kind],
    );
    return rows[0]?.id ?? '';
  };
  const [said] = await ask<{ slug: string }>(
    databaseUrl,
    `select slug from catalog.product join reviews.review on product_id = product.id
     group by product.id order by count(*) desc, product.id limit 1`,
    [],
  );
  return scored(url, {
    board: `/boards/${await newest('board')}`,
    look: `/looks/${await newest('look')}`,
    post: `/posts/${await newest('post')}`,
    feed: '/feed',
    'product that is talked about': `/p/${said?.slug ?? ''}`,
  });
}

/** Without what only a page that search engines may list can have: the feed asks them not to. */
const UNLISTED = '/feed';

async function scored(url: string, pages: Record<string, string>): Promise<Result[]> {
  const scores = await lighthouseScores(Object.values(pages).map((path) => url + path));
  return Object.entries(pages).flatMap(([name, path]) => {
    const of = scores.get(url + path);
    const held = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).filter(
      (category) => category !== 'seo' || path !== UNLISTED,
    );
    return held.map((category) =>
      atLeast(`Lighthouse, mobile, ${name}: ${category}`, of?.[category] ?? 0, LIMITS[category], ''),
    );
  });
}

async function someSlugs(databaseUrl: string, count: number): Promise<string[]> {
  const rows = await ask<{ slug: string }>(
    databaseUrl,
    'select slug from catalog.product where publication = $$published$$ order by md5(slug) limit $1',
    [count],
  );
  return rows.map(({ slug }) => slug);
}

async function countProducts(databaseUrl: string): Promise<number> {
  const rows = await ask<{ n: string }>(databaseUrl, 'select count(*)::text as n from catalog.product', []);
  return Number(rows[0]?.n);
}
