import type { Order, ReturnRequest } from '#modules/orders/index.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';

export interface OrderReturnsView {
  returns: readonly ReturnRequest[];
  /** Names of locations by their ids. */
  places: ReadonlyMap<string, string>;
  /** The viewer bought it and may still return something. */
  mayAsk: boolean;
  /** Where the orders in exchange are, and the order that this one stands for, by their ids. */
  paths: ReadonlyMap<string, string>;
  /** The order whose goods come back for this one. */
  of: { ofOrderId: string; number: string; releasedAt: Date | null } | null;
  /** For a form that the buyer sends; undefined for others who look at it. */
  buyer: { cart: string | undefined; stepIdOf: (requestId: string) => string } | undefined;
}

interface Props {
  order: Pick<Order, 'id' | 'state'>;
  view: OrderReturnsView;
  format: Format;
}

/** How far each return of an order is, and where another one begins. */
export function OrderReturns({ order: { id: orderId, state }, view, format }: Props) {
  const isCancelled = state === 'cancelled';
  const { returns, mayAsk, buyer, of, paths } = view;
  if (returns.length === 0 && !mayAsk && !of) return null;
  const cart = buyer?.cart ? `?cart=${buyer.cart}` : '';
  return (
    <section class="order-part order-returns" aria-labelledby="returns">
      <h2 id="returns">{t('returns.title')}</h2>
      {of && (
        <p>
          <a href={paths.get(of.ofOrderId) ?? ''}>{t('swap.of', { number: of.number })}</a>
          {of.releasedAt === null && !isCancelled && <span class="soft"> {t('exchange.kept')}</span>}
        </p>
      )}
      {returns.length > 0 && (
        <ul class="plain">
          {returns.map((request) => (
            <li key={request.id}>
              <OneReturn request={request} view={view} format={format} />
            </li>
          ))}
        </ul>
      )}
      {mayAsk && (
        <p>
          <ButtonLink href={`/orders/${orderId}/return${cart}`} look="plain">
            {t('return.ask')}
          </ButtonLink>
        </p>
      )}
    </section>
  );
}

function OneReturn({ request, view, format }: Omit<Props, 'order'> & { request: ReturnRequest }) {
  const { state, kind, lines, refundMinor, feeMinor, currency, answer, locationId } = request;
  const backMinor = (refundMinor ?? 0) - (request.exchange?.paidMinor ?? 0);
  const place = view.places.get(locationId ?? '');
  const what = lines.map(({ quantity, title }) => t('return.line', { quantity, title })).join(', ');
  const refused = lines.reduce((sum, line) => sum + line.refused, 0);
  return (
    <>
      <strong>{say(`return.state.${state}`)}</strong>
      {backMinor > 0 && <> · {t('return.back', { amount: format.money(backMinor, currency) })}</>}
      <p>{what}</p>
      {answer && <p class="soft">{answer}</p>}
      {request.exchange && (
        <p class="soft">
          <a href={view.paths.get(request.exchange.orderId) ?? ''}>
            {t('exchange.order', { number: request.exchange.orderNumber })}
          </a>
          {request.exchange.releasedAt === null && request.exchange.state !== 'cancelled' && (
            <> {t('exchange.kept')}</>
          )}
        </p>
      )}
      {state === 'approved' && kind === 'return' && place && (
        <p class="soft">{t('return.send_to', { place })}</p>
      )}
      {refused > 0 && <p class="soft">{t('return.line.refused', { count: refused })}</p>}
      {refundMinor !== null && feeMinor > 0 && (
        <p class="soft">{t('return.fee', { amount: format.money(feeMinor, currency) })}</p>
      )}
      {view.buyer && (state === 'requested' || state === 'approved') && refundMinor === null && (
        <form method="post" action={`/orders/${request.orderId}/returns/${request.id}/cancel`}>
          <input type="hidden" name="stepId" value={view.buyer.stepIdOf(request.id)} />
          {view.buyer.cart && <input type="hidden" name="cart" value={view.buyer.cart} />}
          <Button look="plain" aria-label={t('return.cancel.of', { what })}>
            {t('return.cancel')}
          </Button>
        </form>
      )}
    </>
  );
}
