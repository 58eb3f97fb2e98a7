import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  isMembers,
  type Order,
  orderOf,
  ordersErrors,
  returnableOf,
  type ReturnableLine,
  returnErrors,
  type ReturnRequest,
  returnsOf,
} from '#modules/orders/index.ts';
import { inventoryErrors } from '#modules/inventory/index.ts';
import { paymentsErrors } from '#modules/payments/index.ts';
import { tillErrors } from '#modules/till/index.ts';
import type { Db } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import { Notice } from '../components/Notice.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import type { Page } from '../page.ts';
import { FindOrder, OrderHead } from './found-order.tsx';
import type { Here } from './register-here.ts';
import { TillShell } from './shell.tsx';
import { TakeBackForm, unitsField } from './take-back-form.tsx';
import { type FormFault, type Priced, TAKE_BACK } from './take-back-typed.ts';
import { Announced } from './take-in-form.tsx';

const FAULTS = new Map<string, PlainKey>([
  [returnErrors.not_returnable.code, 'till.back.fault.changed'],
  [returnErrors.return_line_unknown.code, 'till.back.fault.changed'],
  [returnErrors.return_step_not_open.code, 'till.back.fault.changed'],
  [returnErrors.return_differs.code, 'till.back.fault.differs'],
  [tillErrors.taken_differs.code, 'till.back.fault.differs'],
  [returnErrors.credit_for_members.code, 'till.back.fault.members'],
  [returnErrors.return_of_past.code, 'till.back.fault.past'],
  [paymentsErrors.under_way.code, 'till.back.fault.money'],
  [paymentsErrors.more_than_is_left.code, 'till.back.fault.unpaid'],
  [paymentsErrors.not_paid_here.code, 'till.back.fault.unpaid'],
  [tillErrors.no_open_shift.code, 'till.back.fault.no_open_shift'],
  [tillErrors.drawer_too_small.code, 'till.back.fault.drawer_too_small'],
  [tillErrors.drawer_currency.code, 'till.back.fault.drawer_currency'],
  [returnErrors.exchange_unpaid.code, 'till.back.fault.unpaid'],
  [returnErrors.exchange_currency.code, 'till.back.fault.drawer_currency'],
  [ordersErrors.total_changed.code, 'till.swap.fault.changed'],
  [ordersErrors.not_sold.code, 'till.swap.fault.not_sold'],
  [ordersErrors.not_enough_stock.code, 'till.swap.fault.stock'],
  [inventoryErrors.insufficient_stock.code, 'till.swap.fault.stock'],
  [tillErrors.tendered_too_little.code, 'till.swap.fault.tendered'],
  [tillErrors.sale_differs.code, 'till.back.fault.differs'],
]);

/** A refusal that somebody at a till can be told about; anything else is thrown on. */
export function told(error: unknown): Omit<FormFault, 'typed'> {
  const key = error instanceof AppError ? FAULTS.get(error.code) : undefined;
  if (!key || !(error instanceof AppError)) throw error;
  const { status, code, data } = error;
  if (code !== returnErrors.not_returnable.code) return { status, text: say(key) };
  const { lineId, left } = data as { lineId: string; left: number };
  return left > 0
    ? { status, field: unitsField(lineId), text: t('till.back.fault.units', { left }) }
    : { status, text: say(key) };
}

interface Asked {
  orderId: string;
  fault?: FormFault;
  priced?: Priced;
  /** Of an announced return that was sent with something wrong. */
  announcedFault?: { requestId: string; fault: FormFault };
}

/** The order's page: what was announced of it, and the form that takes something back or exchanges it. */
export async function showOrder(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  here: Here,
  asked: Asked,
) {
  const { orderId, fault, priced, announcedFault } = asked;
  const order = await orderOf(db, request.viewer, orderId);
  const lines = (await returnableOf(db, orderId)).filter(({ left }) => left > 0);
  const announced = (await returnsOf(db, orderId)).filter(
    ({ kind, state, locationId }) =>
      kind === 'return' && OPEN.has(state) && (state !== 'received' || locationId === here.store.id),
  );
  const mayHaveCredit = await isMembers(db, orderId);
  const view = { order, lines, announced, mayHaveCredit, fault, priced, announcedFault, id: newId() };
  const status = fault?.status ?? announcedFault?.fault.status;
  if (status) void reply.code(status);
  return reply.page((about) => <OrderPage page={about} here={here} view={view} />);
}

const OPEN: ReadonlySet<string> = new Set(['requested', 'approved', 'received']);

interface Props {
  page: Page;
  here: Here;
}

interface OrderView {
  order: Order;
  /** Of which something can come back. */
  lines: ReturnableLine[];
  /** What its buyer has asked to give back, and has not come or was not looked at. */
  announced: readonly ReturnRequest[];
  mayHaveCredit: boolean;
  fault: FormFault | undefined;
  priced: Priced | undefined;
  announcedFault: Asked['announcedFault'];
  /** Of the return that the form makes. */
  id: string;
}

function OrderPage({ page: about, here, view }: Props & { view: OrderView }) {
  const { order, lines } = view;
  return (
    <TillShell page={about} here={here} title={t('till.take_back')}>
      <h1>{t('till.take_back')}</h1>
      <FindOrder
        path={TAKE_BACK}
        label={t('till.back.field.any')}
        q=""
        fault={undefined}
        isFound
        autofocus={!view.priced}
      />
      <section class="till-order" aria-labelledby="order">
        <OrderHead order={order} here={here} format={about.format} />
        {view.announced.map((request) => (
          <Announced
            key={request.id}
            request={request}
            format={about.format}
            fault={view.announcedFault?.requestId === request.id ? view.announcedFault.fault : undefined}
          />
        ))}
        {view.fault && lines.length === 0 && <Notice kind="error">{view.fault.text}</Notice>}
        {lines.length === 0 ? (
          view.announced.length === 0 && <p>{t('till.back.none')}</p>
        ) : (
          <TakeBackForm {...view} action={`${TAKE_BACK}/orders/${order.id}`} format={about.format} />
        )}
      </section>
    </TillShell>
  );
}
