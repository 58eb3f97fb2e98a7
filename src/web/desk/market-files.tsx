import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { parquetOf, type SalesAnswer } from '#modules/insight/index.ts';
import type { Deps } from '#platform/module.ts';
import type { MarketRegion } from '#read/market-regions.ts';
import { t } from '../messages.ts';
import { page } from '../page.ts';
import { marketCsv, marketParquet } from './market-csv.ts';
import { marketPng } from './market-png.tsx';
import { againstOf, hrefOf, MarketQuery, type View } from './market-query.ts';
import { readMarket } from './market-read.ts';
import { namesWithin, sheetOf, viewFor } from './market-sheet.ts';
import { columnsFor } from './market-tables.tsx';
import { periodText } from './market-words.ts';

interface Asked {
  view: View;
  regions: ReadonlyMap<string, MarketRegion>;
  answer: SalesAnswer;
}

/** What the page shows, to be taken along: its table as CSV and Parquet, its map as a picture. */
export const marketFiles: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const parts = { querystring: MarketQuery };
  const table = async (query: MarketQuery): Promise<Asked> => {
    const { view, regions, clock } = await viewFor(deps, query);
    const { region, shown: period, metric } = view;
    const by = view.by === 'region' && region ? 'area' : view.by;
    const sheet = { by, metrics: columnsFor(metric), period, region, against: againstOf(view) } as const;
    const answer = await sheetOf(deps, view, sheet, clock);
    return { view, regions: namesWithin(regions, answer), answer };
  };

  app.get('/desk/market.csv', page('staff', parts), async ({ query }, reply) => {
    const { view, regions, answer } = await table(query);
    named(reply, view, `sales-by-${view.by}`, 'csv', 'text/csv; charset=utf-8');
    return marketCsv(answer, view.by, regions, columnsFor(view.metric));
  });

  app.get('/desk/market.parquet', page('staff', parts), async ({ query }, reply) => {
    const { view, regions, answer } = await table(query);
    const { columns, rows } = marketParquet(answer, view.by, regions, columnsFor(view.metric));
    named(reply, view, `sales-by-${view.by}`, 'parquet', 'application/vnd.apache.parquet');
    return reply.send(await parquetOf(deps.clickhouse, columns, rows));
  });

  app.get('/desk/market.png', page('staff', parts), async ({ query, viewer }, reply) => {
    const market = await readMarket(deps, query, viewer.memberId ?? '');
    const { format } = await reply.describe();
    const teller = { format, currency: market.view.currency };
    const picture = await marketPng({
      market,
      format,
      period: periodText(market.view, market.byDay, teller),
    });
    named(reply, market.view, market.view.metric.replaceAll('_', '-'), 'png', 'image/png');
    return reply.send(picture);
  });
};

function named(
  reply: FastifyReply,
  { currency, shown }: View,
  what: string,
  ending: string,
  type: string,
): void {
  const name = `${what}-${currency}-${shown.from}-${shown.to}.${ending}`;
  reply.type(type).header('content-disposition', `attachment; filename="${name}"`);
}

/** The ways to take along what is shown. */
export function MarketFiles({ view }: { view: View }) {
  return (
    <nav class="exports" aria-label={t('desk.market.files')}>
      {(['csv', 'parquet', 'png'] as const).map((ending) => (
        <a key={ending} href={hrefOf(view, {}, `/desk/market.${ending}`)} download>
          {t(`desk.market.files.${ending}`)}
        </a>
      ))}
    </nav>
  );
}
