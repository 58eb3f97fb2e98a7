import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import {
  type Location,
  locations,
  orderFromSupplier,
  purchasesOf,
  type PurchaseSummary,
} from '#modules/inventory/index.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { dayName } from './figures.tsx';
import { ListPages, TwoLists } from './list-pages.tsx';
import { stockFaultIn } from './stock-fault.ts';
import { ExpectedField, LinesField, PlaceSelect } from './stock-fields.tsx';
import { linesOfText } from './stock-lines.ts';
import {
  faultAt,
  FaultNotice,
  faultWith,
  isDay,
  LINES_TEXT_MAX,
  mayBook,
  placeName,
  STOCK_READERS,
  STOCK_WRITERS,
  StockShell,
  type StockFault,
} from './stock-shell.tsx';

const PurchaseBody = exactly({
  id: Id,
  number: Text(200),
  supplier: Text(400),
  location: Text(120),
  expected: Text(10),
  lines: Text(LINES_TEXT_MAX),
});
type Typed = Static<typeof PurchaseBody>;

const LISTED = '/desk/stock/purchases';
const OPEN_SHOWN = 50;
const CLOSED_SHOWN = 20;

type Listed = Awaited<ReturnType<typeof purchasesOf>>;

interface View {
  open: Listed;
  closed: Listed;
  lists: Static<typeof TwoLists>;
  places: Location[];
  currency: string;
  typed: Typed;
  fault: StockFault | undefined;
}

/** What is expected from suppliers, and a form that orders more. */
export const purchasePages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads }) => {
  const show = async (
    reply: FastifyReply,
    typed?: Typed,
    fault?: StockFault,
    lists: Static<typeof TwoLists> = {},
  ) => {
    const [open, closed, places, currency] = await Promise.all([
      purchasesOf(reads, 'open', { limit: OPEN_SHOWN, cursor: lists.coming }),
      purchasesOf(reads, 'closed', { limit: CLOSED_SHOWN, cursor: lists.over }),
      locations(reads),
      marketplaceCurrency(reads),
    ]);
    if (fault) void reply.code(fault.status);
    const blank = { id: newId(), number: '', supplier: '', location: '', expected: '', lines: '' };
    const view = { open, closed, lists, places, currency, typed: typed ?? blank, fault };
    return reply.page((about) => <PurchasesPage page={about} view={view} />);
  };

  app.get(LISTED, page(STOCK_READERS, { querystring: TwoLists }), async ({ query }, reply) =>
    show(reply, undefined, undefined, query),
  );

  app.post(LISTED, page(STOCK_WRITERS, { body: PurchaseBody }), async ({ body: typed }, reply) => {
    const place = (await locations(reads)).find(({ code }) => code === typed.location);
    const wrong = wrongIn(typed);
    if (wrong) return show(reply, typed, wrong);
    if (!place) return show(reply, typed, faultWith('location', t('desk.stock.fault.location')));
    const currency = await marketplaceCurrency(reads);
    const columns = ['sku', 'quantity', 'unit_cost'] as const;
    const found = await linesOfText(reads, typed.lines, { columns, least: 1, currency });
    if ('status' in found) return show(reply, typed, found);
    const lines = found.map(({ unitCostMinor = 0, ...line }) => ({ ...line, unitCostMinor }));
    const [number, supplier] = [typed.number.trim(), typed.supplier.trim()];
    const purchase = {
      id: typed.id,
      number,
      supplier,
      locationId: place.id,
      expectedOn: typed.expected,
      lines,
    };
    const fault = await stockFaultIn(reads, () => inTransaction(db, (tx) => orderFromSupplier(tx, purchase)));
    if (fault) return show(reply, fault.isSpent ? { ...typed, id: newId() } : typed, fault);
    return sendOn(reply, LISTED, 'desk.stock.purchase.is_ordered');
  });
};

function wrongIn({ number, supplier, expected }: Typed): StockFault | undefined {
  if (!isBetween(number.trim(), 64)) return faultWith('number', t('desk.stock.fault.number'));
  if (!isBetween(supplier.trim(), 200)) return faultWith('supplier', t('desk.stock.fault.supplier'));
  return isDay(expected) ? undefined : faultWith('expected', t('desk.stock.fault.expected'));
}

const isBetween = ({ length }: string, most: number) => length >= 1 && length <= most;

function PurchasesPage({ page: about, view }: { page: Page; view: View }) {
  const { open, closed, lists } = view;
  return (
    <StockShell page={about} title={t('desk.stock.purchases')} lead={t('desk.stock.purchases.lead')}>
      {open.purchases.length === 0 ? (
        <EmptyState title={t('desk.stock.purchases.none.title')} text={t('desk.stock.purchases.none.text')} />
      ) : (
        <Purchases
          page={about}
          view={view}
          purchases={open.purchases}
          caption={t('desk.stock.purchases.open')}
        />
      )}
      <ListPages path={LISTED} list="coming" after={lists.coming} next={open.cursor} />
      {mayBook(about.viewer) && <OrderForm view={view} />}
      {(closed.purchases.length > 0 || lists.over !== undefined) && (
        <section class="panel" aria-labelledby="over">
          <h2 id="over">{t('desk.stock.purchases.closed')}</h2>
          <Purchases
            page={about}
            view={view}
            purchases={closed.purchases}
            caption={t('desk.stock.purchases.closed')}
          />
          <ListPages path={LISTED} list="over" after={lists.over} next={closed.cursor} />
        </section>
      )}
    </StockShell>
  );
}

interface ListProps {
  page: Page;
  view: View;
  purchases: readonly PurchaseSummary[];
  caption: string;
}

function Purchases({ page: { format }, view: { places, currency }, purchases, caption }: ListProps) {
  return (
    <Table
      caption={caption}
      rows={purchases}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('desk.stock.purchase.number'),
          cell: ({ id, number }) => <a href={`${LISTED}/${id}`}>{number}</a>,
        },
        { title: t('desk.stock.purchase.supplier'), cell: ({ supplier }) => supplier },
        { title: t('desk.stock.location'), cell: ({ locationId }) => placeName(places, locationId) },
        { title: t('desk.stock.expected'), cell: ({ expectedOn }) => dayName(format, expectedOn) },
        { title: t('desk.stock.purchase.ordered'), figures: true, cell: ({ units }) => format.number(units) },
        {
          title: t('desk.stock.purchase.received'),
          figures: true,
          cell: ({ receivedUnits }) => format.number(receivedUnits),
        },
        {
          title: t('desk.stock.purchase.cost'),
          figures: true,
          cell: ({ costMinor }) => format.money(costMinor, currency),
        },
      ]}
    />
  );
}

function OrderForm({ view: { places, typed, fault } }: { view: View }) {
  return (
    <section class="admin-form stock-form" aria-labelledby="order">
      <h2 id="order">{t('desk.stock.purchase.order')}</h2>
      <FaultNotice fault={fault} />
      <form method="post" action={`${LISTED}#order`} class="form">
        <input type="hidden" name="id" value={typed.id} />
        <div class="form-row">
          {(['number', 'supplier'] as const).map((name) => (
            <Field
              key={name}
              name={name}
              label={t(`desk.stock.purchase.${name}`)}
              value={typed[name]}
              required
              error={faultAt(fault, name)}
              input={{ maxlength: name === 'number' ? 64 : 200, autocomplete: 'off' }}
            />
          ))}
        </div>
        <div class="form-row">
          <PlaceSelect places={places} value={typed.location} fault={fault} />
          <ExpectedField value={typed.expected} fault={fault} />
        </div>
        <LinesField value={typed.lines} hint={t('desk.stock.lines.costs')} fault={fault} />
        <div class="actions">
          <Button>{t('desk.stock.purchase.order.button')}</Button>
        </div>
      </form>
    </section>
  );
}
