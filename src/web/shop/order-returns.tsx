import type { ReturnRequest } from '#modules/orders/index.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';

export interface OrderReturnsView {
  returns: readonly ReturnRequest[];
  /** Names of locations by their ids. */
  places: ReadonlyMap<string, string>;
  /** The viewer bought it and may still return something. */
  mayAsk: boolean;
  /** For a form that the buyer sends; undefined for others who look at it. */
  buyer: { cart: string | undefined; stepIdOf: (requestId: string) => string } | undefined;
}

interface Props {
  orderId: string;
  view: OrderReturnsView;
  format: Format;
}

/** How far each return of an order is, and where another one begins. */
export function OrderReturns({ orderId, view, format }: Props) {
  const { returns, mayAsk, buyer } = view;
  if (returns.length === 0 && !mayAsk) return null;
  const cart = buyer?.cart ? `?cart=${buyer.cart}` : '';
  return (
    <section aria-labelledby="returns">
      <h2 id="returns">{t('returns.title')}</h2>
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

function OneReturn({ request, view, format }: Omit<Props, 'orderId'> & { request: ReturnRequest }) {
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
          {t('exchange.order', { number: request.exchange.orderNumber })}
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
