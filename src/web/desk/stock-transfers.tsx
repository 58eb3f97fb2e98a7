import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { type Static } from 'typebox';
import {
  type Location,
  locations,
  sendTransfer,
  transfersOf,
  type TransferSummary,
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
import { dayName, momentName } from './figures.tsx';
import { ListPages, TwoLists } from './list-pages.tsx';
import { actorOf } from './stock-actor.ts';
import { stockFaultIn } from './stock-fault.ts';
import { ExpectedField, LinesField, PlaceSelect } from './stock-fields.tsx';
import { linesOfText } from './stock-lines.ts';
import {
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

const TransferBody = exactly({
  id: Id,
  from: Text(120),
  to: Text(120),
  expected: Text(10),
  note: Text(500),
  lines: Text(LINES_TEXT_MAX),
});
type Typed = Static<typeof TransferBody>;

const LISTED = '/desk/stock/transfers';
const SENT_SHOWN = 50;
const RECEIVED_SHOWN = 20;

type Listed = Awaited<ReturnType<typeof transfersOf>>;

interface View {
  sent: Listed;
  received: Listed;
  lists: Static<typeof TwoLists>;
  places: Location[];
  currency: string;
  timeZone: string;
  typed: Typed;
  fault: StockFault | undefined;
}

/** What is on its way between our locations, and a form that sends more. */
export const transferPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  const show = async (
    reply: FastifyReply,
    typed?: Typed,
    fault?: StockFault,
    lists: Static<typeof TwoLists> = {},
  ) => {
    const [sent, received, places, currency] = await Promise.all([
      transfersOf(reads, 'sent', { limit: SENT_SHOWN, cursor: lists.coming }),
      transfersOf(reads, 'received', { limit: RECEIVED_SHOWN, cursor: lists.over }),
      locations(reads),
      marketplaceCurrency(reads),
    ]);
    if (fault) void reply.code(fault.status);
    const blank = { id: newId(), from: '', to: '', expected: '', note: '', lines: '' };
    const { timeZone } = config;
    const view = { sent, received, lists, places, currency, timeZone, typed: typed ?? blank, fault };
    return reply.page((about) => <TransfersPage page={about} view={view} />);
  };

  app.get(LISTED, page(STOCK_READERS, { querystring: TwoLists }), async ({ query }, reply) =>
    show(reply, undefined, undefined, query),
  );

  app.post(LISTED, page(STOCK_WRITERS, { body: TransferBody }), async ({ viewer, body: typed }, reply) => {
    const places = await locations(reads);
    const [from, to] = [typed.from, typed.to].map((code) => places.find((place) => place.code === code));
    if (!from || !to)
      return show(reply, typed, faultWith(from ? 'to' : 'from', t('desk.stock.fault.location')));
    if (from === to) return show(reply, typed, faultWith('to', t('desk.stock.fault.same_place')));
    if (!isDay(typed.expected))
      return show(reply, typed, faultWith('expected', t('desk.stock.fault.expected')));
    const currency = await marketplaceCurrency(reads);
    const lines = await linesOfText(reads, typed.lines, { columns: ['sku', 'quantity'], least: 1, currency });
    if ('status' in lines) return show(reply, typed, lines);
    const { id, expected: expectedOn, note } = typed;
    const ends = { fromLocationId: from.id, toLocationId: to.id };
    const transfer = { id, ...ends, expectedOn, note: note.trim(), lines, ...actorOf(viewer) };
    const fault = await stockFaultIn(reads, () =>
      inTransaction(db, (tx) => sendTransfer(tx, transfer, now())),
    );
    if (fault) return show(reply, fault.isSpent ? { ...typed, id: newId() } : typed, fault);
    return sendOn(reply, LISTED, 'desk.stock.transfer.is_sent');
  });
};

function TransfersPage({ page: about, view }: { page: Page; view: View }) {
  const { sent, received, lists } = view;
  return (
    <StockShell page={about} title={t('desk.stock.transfers')} lead={t('desk.stock.transfers.lead')}>
      {sent.transfers.length === 0 ? (
        <EmptyState title={t('desk.stock.transfers.none.title')} text={t('desk.stock.transfers.none.text')} />
      ) : (
        <Transfers
          page={about}
          view={view}
          transfers={sent.transfers}
          caption={t('desk.stock.transfers.sent')}
        />
      )}
      <ListPages path={LISTED} list="coming" after={lists.coming} next={sent.cursor} />
      {mayBook(about.viewer) && <SendForm view={view} />}
      {(received.transfers.length > 0 || lists.over !== undefined) && (
        <section class="panel" aria-labelledby="over">
          <h2 id="over">{t('desk.stock.transfers.received')}</h2>
          <Transfers
            page={about}
            view={view}
            transfers={received.transfers}
            caption={t('desk.stock.transfers.received')}
          />
          <ListPages path={LISTED} list="over" after={lists.over} next={received.cursor} />
        </section>
      )}
    </StockShell>
  );
}

interface ListProps {
  page: Page;
  view: View;
  transfers: readonly TransferSummary[];
  caption: string;
}

function Transfers({ page: { format }, view, transfers, caption }: ListProps) {
  const { places, currency, timeZone } = view;
  const isReceived = transfers.some(({ receivedAt }) => receivedAt !== null);
  return (
    <Table
      caption={caption}
      rows={transfers}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('desk.stock.transfer.to'),
          cell: ({ id, toLocationId }) => <a href={`${LISTED}/${id}`}>{placeName(places, toLocationId)}</a>,
        },
        {
          title: t('desk.stock.transfer.from'),
          cell: ({ fromLocationId }) => placeName(places, fromLocationId),
        },
        { title: t('desk.stock.transfer.sent'), cell: ({ sentAt }) => momentName(format, sentAt, timeZone) },
        { title: t('desk.stock.expected'), cell: ({ expectedOn }) => dayName(format, expectedOn) },
        { title: t('desk.stock.units'), figures: true, cell: ({ units }) => format.number(units) },
        ...(isReceived
          ? [
              {
                title: t('desk.stock.transfer.lost'),
                figures: true,
                cell: ({ units, receivedUnits }: TransferSummary) =>
                  format.number(units - (receivedUnits ?? 0)),
              },
            ]
          : []),
        {
          title: t('desk.stock.value'),
          figures: true,
          cell: ({ valueMinor }) => format.money(valueMinor, currency),
        },
        { title: t('desk.stock.transfer.note'), cell: ({ note }) => note },
      ]}
    />
  );
}

function SendForm({ view: { places, typed, fault } }: { view: View }) {
  return (
    <section class="admin-form stock-form" aria-labelledby="send">
      <h2 id="send">{t('desk.stock.transfer.send')}</h2>
      <FaultNotice fault={fault} />
      <form method="post" action={`${LISTED}#send`} class="form">
        <input type="hidden" name="id" value={typed.id} />
        <div class="form-row">
          {(['from', 'to'] as const).map((end) => (
            <PlaceSelect
              key={end}
              name={end}
              label={t(`desk.stock.transfer.${end}`)}
              places={places}
              value={typed[end]}
              fault={fault}
            />
          ))}
        </div>
        <div class="form-row">
          <ExpectedField value={typed.expected} fault={fault} />
          <Field
            name="note"
            label={t('desk.stock.transfer.note')}
            value={typed.note}
            required={false}
            input={{ maxlength: 500, autocomplete: 'off' }}
          />
        </div>
        <LinesField value={typed.lines} hint={t('desk.stock.lines.units')} fault={fault} />
        <div class="actions">
          <Button>{t('desk.stock.transfer.send.button')}</Button>
        </div>
      </form>
    </section>
  );
}
