import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { receiveTransfer, transferById } from '#modules/inventory/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { dayName, momentName } from './figures.tsx';
import { actorOf } from './stock-actor.ts';
import { ArrivalFields, arrivedIn, GoodsTable, goodsView, typedUnits } from './stock-arrival.tsx';
import { stockFaultIn } from './stock-fault.ts';
import {
  faultAt,
  FaultNotice,
  mayBook,
  placeName,
  STOCK_READERS,
  STOCK_WRITERS,
  StockShell,
  type StockFault,
} from './stock-shell.tsx';

const Params = exactly({ id: Id });

/** One transfer: what was sent, and what has come of it. */
export const transferPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  const show = async (reply: FastifyReply, id: string, typed?: Map<string, string>, fault?: StockFault) => {
    const view = await read(deps, id);
    if (fault) void reply.code(fault.status);
    return reply.page((about) => <TransferPage page={about} view={view} typed={typed} fault={fault} />);
  };

  app.get('/desk/stock/transfers/:id', page(STOCK_READERS, { params: Params }), async ({ params }, reply) =>
    show(reply, params.id),
  );

  app.post(
    '/desk/stock/transfers/:id',
    page(STOCK_WRITERS, { params: Params, body: exactly(ArrivalFields) }),
    async ({ viewer, params: { id }, body }, reply) => {
      const typed = typedUnits(body);
      const arrived = arrivedIn(typed);
      if ('status' in arrived) return show(reply, id, typed, arrived);
      const { actorId } = actorOf(viewer);
      const fault = await stockFaultIn(reads, () =>
        inTransaction(db, (tx) => receiveTransfer(tx, id, arrived, now(), actorId)),
      );
      if (fault) return show(reply, id, typed, fault);
      return sendOn(reply, `/desk/stock/transfers/${id}`, 'desk.stock.transfer.is_received');
    },
  );
};

type View = Awaited<ReturnType<typeof read>>;

async function read(deps: Deps, id: string) {
  const transfer = await transferById(deps.reads, id);
  if (!transfer) throw platformErrors.not_found({});
  return { transfer, ...(await goodsView(deps, transfer.lines)) };
}

interface Props {
  page: Page;
  view: View;
  typed: ReadonlyMap<string, string> | undefined;
  fault: StockFault | undefined;
}

function TransferPage({ page: about, view, typed, fault }: Props) {
  const { transfer, places, timeZone } = view;
  const moment = (at: Date) => momentName(about.format, at, timeZone, { year: 'numeric' });
  const isArriving = transfer.receivedAt === null && mayBook(about.viewer);
  return (
    <StockShell
      page={about}
      title={t('desk.stock.transfer', { to: placeName(places, transfer.toLocationId) })}
      lead={t('desk.stock.transfer.lead', {
        from: placeName(places, transfer.fromLocationId),
        sent: moment(transfer.sentAt),
        expected: dayName(about.format, transfer.expectedOn),
      })}
    >
      {transfer.note && <p class="stock-note">{transfer.note}</p>}
      {transfer.receivedAt && (
        <p>{t('desk.stock.transfer.done', { received: moment(transfer.receivedAt) })}</p>
      )}
      <FaultNotice fault={fault} />
      {isArriving ? (
        <form method="post" action={`/desk/stock/transfers/${transfer.id}`} class="form">
          <p class="soft">{t('desk.stock.transfer.receive.hint')}</p>
          <Lines page={about} view={view} typed={typed ?? new Map<string, string>()} fault={fault} />
          <div class="actions">
            <Button>{t('desk.stock.transfer.receive.button')}</Button>
          </div>
        </form>
      ) : (
        <Lines page={about} view={view} typed={undefined} fault={undefined} />
      )}
    </StockShell>
  );
}

/** With fields for what has come where something may be typed. */
function Lines({ page: { format }, view, typed, fault }: Props) {
  const { transfer, names, currency } = view;
  const isReceived = transfer.receivedAt !== null;
  return (
    <GoodsTable
      caption={t('desk.stock.lines')}
      lines={transfer.lines}
      names={names}
      fault={faultAt(fault, 'quantity')}
      arriving={typed && (({ variantId, quantity }) => typed.get(variantId) ?? String(quantity))}
      columns={[
        {
          title: t('desk.stock.transfer.sent'),
          figures: true,
          cell: ({ quantity }) => format.number(quantity),
          total: format.number(transfer.units),
        },
        {
          title: t('desk.stock.value'),
          figures: true,
          cell: ({ valueMinor }) => format.money(valueMinor, currency),
          total: format.money(transfer.valueMinor, currency),
        },
        ...(isReceived
          ? [
              {
                title: t('desk.stock.transfer.received'),
                figures: true,
                cell: ({ receivedQuantity }: (typeof transfer.lines)[number]) =>
                  format.number(receivedQuantity ?? 0),
                total: format.number(transfer.receivedUnits ?? 0),
              },
              {
                title: t('desk.stock.transfer.lost'),
                figures: true,
                cell: ({ quantity, receivedQuantity }: (typeof transfer.lines)[number]) =>
                  format.number(quantity - (receivedQuantity ?? 0)),
                total: format.number(transfer.units - (transfer.receivedUnits ?? 0)),
              },
            ]
          : []),
      ]}
    />
  );
}
