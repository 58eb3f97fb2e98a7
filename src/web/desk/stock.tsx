import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Incoming, incomingOf, type Location, locations } from '#modules/inventory/index.ts';
import type { Deps } from '#platform/module.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import {
  LOW_UNITS,
  STOCK_STATES,
  stockList,
  type StockRow,
  type StockSums,
  stockSums,
} from '#read/stock-list.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { addressOf, cursorOf, cursorText, questionOf, StockFilters } from './stock-query.ts';
import { levelColumns } from './stock-balances.tsx';
import { placeOptions, STOCK_READERS, StockShell, VariantLink } from './stock-shell.tsx';

const SHOWN = 50;

interface Stock {
  rows: StockRow[];
  /** The cursor of the next page. */
  next: string | undefined;
  sums: StockSums & { levels: number };
  incoming: Incoming[];
  places: Location[];
  currency: string;
  filters: StockFilters;
}

/** What there is of everything, and where. */
export const stockPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  app.get(
    '/desk/stock',
    page(STOCK_READERS, { querystring: StockFilters }),
    async ({ query: filters }, reply) => {
      const question = questionOf(filters);
      const [found, sums, places, currency] = await Promise.all([
        stockList(reads, question, { after: cursorOf(filters), limit: SHOWN + 1 }),
        stockSums(reads, question),
        locations(reads),
        marketplaceCurrency(reads),
      ]);
      const rows = found.slice(0, SHOWN);
      const last = rows.at(-1);
      const next = found.length > SHOWN && last ? cursorText(last) : undefined;
      const incoming = await incomingOf(reads, [...new Set(rows.map(({ variantId }) => variantId))]);
      const stock = { rows, next, sums, incoming, places, currency, filters };
      return reply.page((about) => <StockPage page={about} stock={stock} />);
    },
  );
};

const LISTED = '/desk/stock';

function StockPage({ page: about, stock }: { page: Page; stock: Stock }) {
  const { rows, next, filters } = stock;
  const { after, ...narrowing } = filters;
  const isNarrowed = addressOf(LISTED, narrowing) !== LISTED;
  return (
    <StockShell page={about} title={t('desk.stock')} lead={t('desk.stock.lead')}>
      <Filters stock={stock} isNarrowed={isNarrowed} />
      {rows.length === 0 ? (
        <EmptyState
          title={isNarrowed ? t('desk.stock.nothing.title') : t('desk.stock.empty.title')}
          text={isNarrowed ? t('desk.stock.nothing.text') : t('desk.stock.empty.text')}
        />
      ) : (
        <Levels page={about} stock={stock} />
      )}
      <nav class="actions stock-pages" aria-label={t('list.pages')}>
        {after && <a href={addressOf(LISTED, narrowing)}>{t('desk.stock.first_page')}</a>}
        {next !== undefined && (
          <a href={addressOf(LISTED, { ...narrowing, after: next })} rel="next">
            {t('desk.stock.next_page')}
          </a>
        )}
      </nav>
    </StockShell>
  );
}

function Filters({ stock: { filters, places }, isNarrowed }: { stock: Stock; isNarrowed: boolean }) {
  const states = STOCK_STATES.map((value) => ({
    value,
    label: value === 'low' ? t('desk.stock.state.low', { units: LOW_UNITS }) : t(`desk.stock.state.${value}`),
  }));
  return (
    <form action={LISTED} class="audit-filters" role="search" aria-label={t('desk.filters')}>
      <Field
        name="words"
        label={t('desk.stock.words')}
        value={filters.words}
        input={{ maxlength: 120, autocomplete: 'off' }}
      />
      <Select
        name="location"
        label={t('desk.stock.location')}
        value={filters.location}
        options={placeOptions(places, t('desk.stock.location.all'))}
      />
      <Select
        name="state"
        label={t('desk.stock.state')}
        value={filters.state}
        options={[{ value: '', label: t('desk.stock.state.all') }, ...states]}
      />
      <div class="actions">
        <Button>{t('desk.filters.show')}</Button>
        {isNarrowed && <a href={LISTED}>{t('filters.clear')}</a>}
      </div>
    </form>
  );
}

function Levels({ page: { format }, stock }: { page: Page; stock: Stock }) {
  const { rows, sums, incoming, currency } = stock;
  return (
    <Table
      caption={t('desk.stock.levels')}
      rows={rows}
      rowKey={({ variantId, locationId }) => `${variantId} ${locationId}`}
      columns={[
        {
          title: t('desk.stock.product'),
          cell: (row) => <VariantLink {...row} id={row.variantId} />,
          total: t('desk.stock.sum', { count: sums.levels, shown: format.number(sums.levels) }),
        },
        { title: t('desk.stock.location'), cell: ({ locationName }) => locationName },
        ...levelColumns<StockRow>({
          format,
          currency,
          sums,
          incomingOf: ({ variantId, locationId }) =>
            incoming.filter((each) => each.variantId === variantId && each.locationId === locationId),
        }),
      ]}
    />
  );
}
