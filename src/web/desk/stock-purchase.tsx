import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import {
  closePurchase,
  expectPurchase,
  purchaseById,
  purchaseDatesOf,
  type PurchaseLine,
  receive,
} from '#modules/inventory/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { dayName, momentName } from './figures.tsx';
import { blankDate, DateBody, dateFault, DateForm, DateHistory, type TypedDate } from './purchase-date.tsx';
import { actorOf } from './stock-actor.ts';
import { ArrivalFields, arrivedIn, GoodsTable, goodsView, typedUnits } from './stock-arrival.tsx';
import { Costs } from './stock-costs.tsx';
import { stockFaultIn } from './stock-fault.ts';
import {
  faultAt,
  FaultNotice,
  faultWith,
  mayBook,
  minorIn,
  placeName,
  STOCK_READERS,
  STOCK_WRITERS,
  StockShell,
  type StockFault,
} from './stock-shell.tsx';

const Params = exactly({ id: Id });
const ADDRESS = '/desk/stock/purchases/:id';

interface Typed {
  /** The delivery's, made with the form: sent twice, it is one delivery. */
  delivery: string;
  units: ReadonlyMap<string, string>;
  freight: string;
  duty: string;
}

interface Forms {
  arrival: Typed;
  date: TypedDate;
}

/** One purchase: what was ordered, what has come of it, and when nothing more is expected. */
export const purchasePage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  const show = async (reply: FastifyReply, id: string, typed?: Partial<Forms>, fault?: StockFault) => {
    const view = await read(deps, id);
    if (fault) void reply.code(fault.status);
    const arrival = { delivery: newId(), units: new Map<string, string>(), freight: '', duty: '' };
    const forms = { arrival, date: blankDate(view.purchase.expectedOn), ...typed };
    return reply.page((about) => <PurchasePage page={about} view={view} forms={forms} fault={fault} />);
  };

  app.get(ADDRESS, page(STOCK_READERS, { params: Params }), async ({ params }, reply) =>
    show(reply, params.id),
  );

  app.post(
    ADDRESS,
    page(STOCK_WRITERS, {
      params: Params,
      body: exactly({ delivery: Id, freight: Text(20), duty: Text(20), ...ArrivalFields }),
    }),
    async ({ viewer, params: { id }, body }, reply) => {
      const typed = { ...body, units: typedUnits(body) };
      const { purchase, currency } = await read(deps, id);
      const arrived = arrivedIn(typed.units);
      if ('status' in arrived) return show(reply, id, { arrival: typed }, arrived);
      const lines = arrived.filter(({ quantity }) => quantity > 0);
      if (lines.length === 0)
        return show(reply, id, { arrival: typed }, faultWith('quantity', t('desk.stock.fault.nothing_came')));
      const [freightMinor, dutyMinor] = [body.freight, body.duty].map((text) =>
        minorIn(text.trim() || '0', currency),
      );
      if (freightMinor === undefined || dutyMinor === undefined) {
        const field = freightMinor === undefined ? 'freight' : 'duty';
        return show(
          reply,
          id,
          { arrival: typed },
          faultWith(field, t('desk.stock.fault.amount', { currency })),
        );
      }
      const costs = { freightMinor, dutyMinor };
      const { locationId } = purchase;
      const delivery = { id: body.delivery, purchaseId: id, locationId, lines, ...costs, ...actorOf(viewer) };
      const fault = await stockFaultIn(reads, () => inTransaction(db, (tx) => receive(tx, delivery, now())));
      if (fault)
        return show(reply, id, { arrival: fault.isSpent ? { ...typed, delivery: newId() } : typed }, fault);
      return sendOn(reply, `/desk/stock/purchases/${id}`, 'desk.stock.purchase.is_received');
    },
  );

  const date = page(STOCK_WRITERS, { params: Params, body: DateBody });
  app.post(`${ADDRESS}/date`, date, async ({ viewer, params: { id }, body }, reply) => {
    const wrong = dateFault(body);
    if (wrong) return show(reply, id, { date: body }, wrong);
    const { date: dateId, expected: expectedOn, reason } = body;
    const change = { id: dateId, purchaseId: id, expectedOn, reason: reason.trim(), ...actorOf(viewer) };
    const fault = await stockFaultIn(reads, () =>
      inTransaction(db, (tx) => expectPurchase(tx, change, now())),
    );
    if (fault) {
      const at = fault.isSpent ? fault : { ...fault, field: 'expected' };
      return show(reply, id, { date: fault.isSpent ? { ...body, date: newId() } : body }, at);
    }
    return sendOn(reply, `/desk/stock/purchases/${id}`, 'desk.stock.purchase.date.is_moved');
  });

  app.post(`${ADDRESS}/close`, page(STOCK_WRITERS, { params: Params }), async ({ params: { id } }, reply) => {
    await inTransaction(db, (tx) => closePurchase(tx, id, now()));
    return sendOn(reply, `/desk/stock/purchases/${id}`, 'desk.stock.purchase.is_closed');
  });
};

type View = Awaited<ReturnType<typeof read>>;

async function read(deps: Deps, id: string) {
  const purchase = await purchaseById(deps.reads, id);
  if (!purchase) throw platformErrors.not_found({});
  const dates = await purchaseDatesOf(deps.reads, id);
  return { purchase, dates, ...(await goodsView(deps, purchase.lines)) };
}

interface Props {
  page: Page;
  view: View;
  forms: Forms;
  fault: StockFault | undefined;
}

function PurchasePage({ page: about, view, forms, fault }: Props) {
  const { purchase, dates, places, timeZone, currency } = view;
  const typed = forms.arrival;
  const { id, number, supplier, locationId, expectedOn, closedAt } = purchase;
  const location = placeName(places, locationId);
  const expected = dayName(about.format, expectedOn);
  return (
    <StockShell
      page={about}
      title={t('desk.stock.purchase', { number })}
      lead={t('desk.stock.purchase.lead', { supplier, location, expected })}
    >
      {closedAt && (
        <p>
          {t('desk.stock.purchase.closed', {
            closed: momentName(about.format, closedAt, timeZone, { year: 'numeric' }),
          })}
        </p>
      )}
      <FaultNotice fault={fault} />
      {closedAt === null && mayBook(about.viewer) ? (
        <>
          <form method="post" action={`/desk/stock/purchases/${id}`} class="form">
            <input type="hidden" name="delivery" value={typed.delivery} />
            <p class="soft">{t('desk.stock.purchase.receive.hint')}</p>
            <Lines page={about} view={view} units={typed.units} fault={fault} />
            <Costs typed={typed} currency={currency} fault={fault} />
            <div class="actions">
              <Button>{t('desk.stock.purchase.receive.button')}</Button>
            </div>
          </form>
          <DateForm purchaseId={id} typed={forms.date} fault={fault} />
          <form method="post" action={`/desk/stock/purchases/${id}/close`} class="panel">
            <Button look="danger">{t('desk.stock.purchase.close')}</Button>
          </form>
        </>
      ) : (
        <Lines page={about} view={view} units={undefined} fault={undefined} />
      )}
      <DateHistory dates={dates} format={about.format} timeZone={timeZone} />
    </StockShell>
  );
}

const missingOf = ({ quantity, receivedQuantity }: PurchaseLine) => Math.max(0, quantity - receivedQuantity);

interface LinesProps extends Pick<Props, 'page' | 'view' | 'fault'> {
  /** Where something may be typed: what was. */
  units: ReadonlyMap<string, string> | undefined;
}

function Lines({ page: { format }, view: { purchase, names, currency }, units, fault }: LinesProps) {
  const missing = purchase.lines.reduce((sum, line) => sum + missingOf(line), 0);
  return (
    <GoodsTable
      caption={t('desk.stock.lines')}
      lines={purchase.lines}
      names={names}
      fault={faultAt(fault, 'quantity')}
      arriving={units && ((line) => units.get(line.variantId) ?? String(missingOf(line)))}
      columns={[
        {
          title: t('desk.stock.purchase.unit_cost'),
          figures: true,
          cell: ({ unitCostMinor }) => format.money(unitCostMinor, currency),
        },
        {
          title: t('desk.stock.purchase.ordered'),
          figures: true,
          cell: ({ quantity }) => format.number(quantity),
          total: format.number(purchase.units),
        },
        {
          title: t('desk.stock.purchase.received'),
          figures: true,
          cell: ({ receivedQuantity }) => format.number(receivedQuantity),
          total: format.number(purchase.receivedUnits),
        },
        {
          title: t('desk.stock.purchase.missing'),
          figures: true,
          cell: (line) => format.number(missingOf(line)),
          total: format.number(missing),
        },
      ]}
    />
  );
}
