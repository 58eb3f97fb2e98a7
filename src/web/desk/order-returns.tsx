import { ButtonLink } from '../components/Button.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import { momentName } from './figures.tsx';
import type { OrderView } from './order-view.ts';

/** Of an order in place of goods that come back: for which, and whether it waits for them. */
export function InExchange({ view: { order, ofNumber } }: { view: OrderView }) {
  const { inExchange, state } = order;
  if (!inExchange || ofNumber === undefined) return null;
  const how = state === 'cancelled' ? 'cancelled' : inExchange.releasedAt ? 'sent' : 'kept';
  return (
    <p>
      <a href={`/desk/orders/${inExchange.ofOrderId}`}>{t('swap.of', { number: ofNumber })}</a>{' '}
      <a href={`/desk/returns/${inExchange.requestId}`}>{t('desk.returns.one', { number: ofNumber })}</a>{' '}
      <span class="soft">{t(`desk.exchange.${how}`)}</span>
    </p>
  );
}

interface Props {
  view: OrderView;
  format: Format;
  mayStart: boolean;
}

/** What comes back of an order and what is sent for it, and where another return begins. */
export function Returns({ view: { order, detail, returns, timeZone }, format, mayStart }: Props) {
  const isOpen = order.assignments.length > 0 && detail.units.some((line) => line.shipped > line.returned);
  if (returns.length === 0 && !(mayStart && isOpen)) return null;
  return (
    <section aria-labelledby="returns">
      <h2 id="returns">{t('desk.order.returns')}</h2>
      {returns.length > 0 && (
        <Table
          caption={t('desk.order.returns')}
          rows={returns}
          rowKey={({ id }) => id}
          columns={[
            {
              title: t('desk.order.returns.what'),
              cell: ({ id, lines }) => (
                <a href={`/desk/returns/${id}`}>
                  {lines.map(({ quantity, title }) => t('return.line', { quantity, title })).join(', ')}
                </a>
              ),
            },
            { title: t('desk.returns.kind'), cell: ({ kind }) => say(`desk.returns.kind.${kind}`) },
            { title: t('desk.all_orders.state'), cell: ({ state }) => say(`desk.returns.state.${state}`) },
            {
              title: t('desk.order.returns.since'),
              cell: ({ requestedAt }) => momentName(format, requestedAt, timeZone),
            },
            {
              title: t('desk.exchange'),
              cell: ({ exchange }) =>
                exchange && (
                  <a href={`/desk/orders/${exchange.orderId}`}>
                    {t('desk.order', { number: exchange.orderNumber })}
                  </a>
                ),
            },
          ]}
        />
      )}
      {mayStart && isOpen && (
        <p class="desk-acts">
          <ButtonLink href={`/desk/orders/${order.id}/return`} look="plain">
            {t('desk.start')}
          </ButtonLink>
        </p>
      )}
    </section>
  );
}
