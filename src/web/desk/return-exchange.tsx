import type { ReturnRequest } from '#modules/orders/index.ts';
import { newId } from '#platform/ids.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

interface Props {
  request: ReturnRequest;
  exchange: NonNullable<ReturnRequest['exchange']>;
  format: Format;
  mayAct: boolean;
}

/** What is wanted in place of the goods, what is owed for it, and how that ends where they do not come. */
export function Exchange({ request: { id, currency }, exchange, format, mayAct }: Props) {
  const { orderId, orderNumber, state, owedMinor, releasedAt } = exchange;
  const how = state === 'cancelled' ? 'cancelled' : releasedAt ? 'sent' : 'kept';
  const isOwed = owedMinor > 0 && state !== 'cancelled';
  return (
    <section aria-labelledby="exchange">
      <h2 id="exchange">{t('desk.exchange')}</h2>
      <p>
        <a href={`/desk/orders/${orderId}`}>{t('desk.order', { number: orderNumber })}</a>
      </p>
      <p class="soft">{t(`desk.exchange.${how}`)}</p>
      {isOwed && <p>{t('desk.exchange.owed', { amount: format.money(owedMinor, currency) })}</p>}
      {mayAct && isOwed && (
        <form method="post" action={`/desk/returns/${id}/exchange`} class="form admin-form">
          <input type="hidden" name="id" value={newId()} />
          <Field
            name="reference"
            label={t('desk.exchange.reference')}
            hint={t('desk.exchange.reference.hint')}
            required={false}
            input={{ maxlength: 100 }}
          />
          <div class="actions">
            <Button name="act" value="charge" look="plain">
              {t('desk.exchange.charge')}
            </Button>
            <Button name="act" value="end" look="plain">
              {t('desk.exchange.end')}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
