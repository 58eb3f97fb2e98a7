import type { Order } from '#modules/orders/index.ts';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';

type Payment = Order['payments'][number];

/** By what an order was paid, what came back, and what is still to pay. */
export function OrderPayments({ order, format }: { order: Order; format: Format }) {
  const { payments, currency, reducedMinor, outstandingMinor } = order;
  const shown = payments.filter(({ state }) => state !== 'failed' && state !== 'pending');
  if (shown.length === 0) return null;
  const money = (minor: number) => format.money(minor, currency);
  return (
    <section class="order-part" aria-labelledby="payment">
      <h2 id="payment">{t('order.payment')}</h2>
      <dl class="sums">
        {shown.map((payment) => (
          <div key={payment.id} class="sum">
            <dt>
              {nameOf(payment)}
              <span class="soft"> {t(`order.payment.state.${payment.state}`)}</span>
              {payment.refundedMinor > 0 && (
                <span class="soft">
                  , {t('order.payment.refunded', { amount: money(payment.refundedMinor) })}
                </span>
              )}
              {payment.creditedMinor > payment.exchangedMinor && (
                <span class="soft">
                  ,{' '}
                  {t('order.payment.credited', {
                    amount: money(payment.creditedMinor - payment.exchangedMinor),
                  })}
                </span>
              )}
              {payment.exchangedMinor > 0 && (
                <span class="soft">
                  , {t('order.payment.exchanged', { amount: money(payment.exchangedMinor) })}
                </span>
              )}
            </dt>
            <dd>{money(payment.amountMinor)}</dd>
          </div>
        ))}
        {reducedMinor > 0 && (
          <div class="sum">
            <dt>{t('order.payment.reduced')}</dt>
            <dd>{money(reducedMinor)}</dd>
          </div>
        )}
        {outstandingMinor !== 0 && (
          <div class="sum total">
            <dt>{t(outstandingMinor > 0 ? 'order.payment.outstanding' : 'order.payment.to_return')}</dt>
            <dd>{money(Math.abs(outstandingMinor))}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function nameOf({ provider, codeEnd }: Payment): string {
  if (codeEnd) return t('order.payment.gift_card.end', { end: codeEnd });
  return provider === 'test' ||
    provider === 'cash' ||
    provider === 'store_credit' ||
    provider === 'exchange' ||
    provider === 'external'
    ? say(`order.payment.${provider}`)
    : say('order.payment.stripe');
}
