import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { metricOf } from '#modules/insight/index.ts';
import type { Deps } from '#platform/module.ts';
import type { MarketRegion } from '#read/market-regions.ts';
import { type Column, Table } from '../components/Table.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { t } from '../messages.ts';
import { page } from '../page.ts';
import { figureText, type Teller } from './figures.tsx';
import { denominatorMetric, documentMetric, OrderLink } from './market-panel.tsx';
import { type Documents, documentsOf } from './market-panel-read.ts';
import { DocumentsQuery, hrefOf, type View } from './market-query.ts';
import { viewFor } from './market-sheet.ts';
import { DeskShell } from './shell.tsx';

const PAGE = 50;

/** The documents behind a figure of the map, page by page. */
export const marketDocuments: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get(
    '/desk/market/orders',
    page('staff', { querystring: DocumentsQuery }),
    async ({ query: { after, ...query } }, reply) => {
      const { view, regions } = await viewFor(deps, query);
      const found = await documentsOf(deps, view, view.region, { after, limit: PAGE });
      return reply.page((about) => {
        const teller = { format: about.format, currency: view.currency };
        const title = t('desk.market.documents', { metric: metricOf(view.metric).title });
        return (
          <DeskShell page={about} title={title}>
            <header class="desk-head">
              <h1>{title}</h1>
              <p class="soft">{leadOf(view, regions, teller)}</p>
              <p>
                <a href={hrefOf(view)}>{t('desk.market.documents.back')}</a>
              </p>
            </header>
            {found && found.rows.length > 0 ? (
              <Listed view={view} found={found} regions={regions} teller={teller} />
            ) : (
              <EmptyState
                title={t('desk.market.documents', { metric: metricOf(view.metric).title })}
                text={t(found ? 'desk.market.panel.documents.none' : 'desk.market.panel.documents.unfit')}
              />
            )}
          </DeskShell>
        );
      });
    },
  );
};

function leadOf(
  { region, shown }: View,
  regions: ReadonlyMap<string, MarketRegion>,
  { format }: Teller,
): string {
  const name =
    region === undefined ? t('desk.market.documents.everywhere') : (regions.get(region)?.name ?? region);
  const { from, to } = shown;
  const days =
    from === to ? format.date(from) : t('desk.period', { from: format.date(from), to: format.date(to) });
  return t('desk.market.documents.lead', { region: name, days });
}

interface Props {
  view: View;
  found: Documents;
  regions: ReadonlyMap<string, MarketRegion>;
  teller: Teller;
}

function Listed({ view, found: { rows, next, numbers }, regions, teller }: Props) {
  const told = documentMetric(view.metric);
  const { title, kind } = metricOf(view.metric);
  const sum = rows.reduce((added, { value }) => added + value, 0);
  const columns: Column<Documents['rows'][number]>[] = [
    {
      title: t('desk.market.documents.document'),
      cell: ({ orderId }) => <OrderLink orderId={orderId} numbers={numbers} />,
      total: t('desk.market.documents.page'),
    },
    { title: t('desk.market.documents.day'), cell: ({ businessDay }) => teller.format.date(businessDay) },
    {
      title: t('desk.market.documents.region'),
      cell: ({ region }) => regions.get(region)?.name ?? region,
    },
    {
      title,
      figures: true,
      cell: ({ value }) => figureText(teller, told, value),
      total: figureText(teller, told, sum),
    },
    ...(kind === 'ratio'
      ? [
          {
            title: t('desk.market.documents.over'),
            figures: true,
            cell: ({ denominator }: Documents['rows'][number]) =>
              denominator === undefined
                ? '–'
                : figureText(teller, denominatorMetric(view.metric), denominator),
          },
        ]
      : []),
  ];
  const more = `${hrefOf(view, {}, '/desk/market/orders')}&after=${next ?? ''}`;
  return (
    <>
      <Table
        caption={t('desk.market.documents', { metric: title })}
        columns={columns}
        rows={rows}
        rowKey={({ documentId }) => documentId}
      />
      {next && (
        <p>
          <a href={more} rel="next">
            {t('desk.market.documents.next')}
          </a>
        </p>
      )}
    </>
  );
}
