import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Location, locations } from '#modules/inventory/index.ts';
import type { CreditPeriod } from '#modules/market/index.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { type CreditLine, creditLines } from '#read/credit-lines.ts';
import { type MarketRegion, marketRegions } from '#read/market-regions.ts';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { creditPeriodOf, PERIOD, periodSearch, storeName } from './credit-query.ts';
import { dayName } from './figures.tsx';
import { CREDIT_READERS } from './sections.ts';
import { DeskShell } from './shell.tsx';

const LINES = 100;
const KINDS = ['regional', 'fulfilment'] as const;
const CURSOR = /^(\d{4}-\d\d-\d\d)\.(\d{1,15})$/;

const Query = exactly({
  ...PERIOD,
  kind: Type.Enum([...KINDS]),
  location: Type.String({ pattern: '^([0-9a-f-]{36})?$' }),
  after: Type.Optional(Type.String({ pattern: CURSOR.source })),
});

interface View {
  period: CreditPeriod;
  kind: (typeof KINDS)[number];
  locationId: string | null;
  lines: CreditLine[];
  hasMore: boolean;
  places: Location[];
  regions: Map<string, MarketRegion>;
}

/** What a store's credit is made of, line by line. */
export const creditLinesPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get(
    '/desk/credits/lines',
    page(CREDIT_READERS, { querystring: Query }),
    async ({ query: { kind, location, after, ...rest } }, reply) => {
      const { reads } = deps;
      const period = await creditPeriodOf(rest, deps);
      const locationId = location || null;
      const [, day = '', id = ''] = CURSOR.exec(after ?? '') ?? [];
      const cursor = day ? { day, id: Number(id) } : undefined;
      const [lines, places, regions] = await Promise.all([
        creditLines(reads, { ...period, kind, locationId }, { after: cursor, limit: LINES + 1 }),
        locations(reads),
        marketRegions(reads),
      ]);
      const hasMore = lines.length > LINES;
      const view = { period, kind, locationId, lines: lines.slice(0, LINES), hasMore, places, regions };
      return reply.page((about) => <LinesPage page={about} view={view} />);
    },
  );
};

function LinesPage({ page: about, view }: { page: Page; view: View }) {
  const { period, kind, locationId, lines, places, regions } = view;
  const { format } = about;
  const what = t('desk.credits.lines', {
    what: `${storeName(places, locationId)}: ${say(`desk.credits.${kind}`)}`,
  });
  const last = lines.at(-1);
  return (
    <DeskShell page={about} title={what}>
      <header class="desk-head">
        <h1>{what}</h1>
        <p class="soft">
          <a href={`/desk/credits?${periodSearch(period)}`}>{t('desk.credits.back')}</a>
        </p>
      </header>
      <Table
        caption={what}
        rows={lines}
        rowKey={({ id }) => String(id)}
        columns={[
          { title: t('desk.credits.day'), cell: ({ businessDay }) => dayName(format, businessDay) },
          {
            title: t('desk.credits.order'),
            cell: ({ number }) => number ?? t('desk.credits.no_order'),
          },
          { title: t('desk.credits.line'), cell: ({ title }) => title ?? t('desk.credits.taken_off') },
          {
            title: t('desk.credits.region'),
            cell: ({ regionCode }) => regions.get(regionCode ?? '')?.name ?? '',
          },
          {
            title: t('desk.credits.amount'),
            figures: true,
            cell: ({ amountMinor, isCorrection }) => (
              <>
                {format.money(amountMinor, period.currency)}
                {isCorrection && <small> {t('desk.credits.corrected')}</small>}
              </>
            ),
          },
        ]}
      />
      {view.hasMore && last && (
        <p>
          <a
            href={`/desk/credits/lines?${periodSearch(period, {
              kind,
              location: locationId ?? '',
              after: `${last.businessDay}.${last.id}`,
            })}`}
          >
            {t('desk.credits.older')}
          </a>
        </p>
      )}
    </DeskShell>
  );
}
