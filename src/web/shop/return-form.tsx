import type { ExchangeQuote } from '#modules/orders/index.ts';
import { Button } from '../components/Button.tsx';
import { Select, TextArea } from '../components/Field.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import { Notices, Quote, ReturnLine } from '../return-fields.tsx';
import type { Errors, Offered, Typed } from '../return-wish.ts';
import { PaymentPart } from './payment-part.tsx';

export interface ReturnFormProps {
  action: string;
  requestId: string;
  cart: string | undefined;
  offered: Offered;
  mayHaveCredit: boolean;
  typed: Typed;
  errors: Errors;
  /** What the exchange that was asked for costs: it is done by sending the form once more. */
  quote: ExchangeQuote | undefined;
  isChanged: boolean;
  currency: string;
  creditMinor: number;
  isTest: boolean;
}

/** What a buyer gives back, why, and what they want for it; of an exchange also what it costs, before it is done. */
export function ReturnForm({ form, format }: { form: ReturnFormProps; format: Format }) {
  const { action, requestId, cart, offered, mayHaveCredit, typed, errors, quote, isChanged } = form;
  return (
    <form method="post" action={`${action}#quote`} class="form return-form" novalidate>
      {!quote && <Notices errors={errors} isChanged={isChanged} />}
      <input type="hidden" name="requestId" value={requestId} />
      {cart && <input type="hidden" name="cart" value={cart} />}
      {offered.lines.map((line) => (
        <ReturnLine
          key={line.lineId}
          line={line}
          choices={offered.choices.get(line.lineId) ?? []}
          typed={typed}
          errors={errors}
          words={{
            units: t('return.units', { title: line.title }),
            left: t('return.units.hint', { left: line.left }),
            want: t('swap.want'),
          }}
        />
      ))}
      <Select
        name="kind"
        label={t('return.kind')}
        value={typed['kind'] ?? 'return'}
        options={(['return', 'claim'] as const).map((value) => ({
          value,
          label: say(`return.kind.${value}`),
        }))}
      />
      {mayHaveCredit && (
        <Select
          name="refund_to"
          label={t('return.refund_to')}
          value={typed['refund_to'] ?? 'original'}
          error={errors['refund_to']}
          options={(['original', 'store_credit'] as const).map((value) => ({
            value,
            label: say(`return.refund_to.${value}`),
          }))}
        />
      )}
      <TextArea
        name="note"
        label={t('return.note')}
        value={typed['note']}
        error={errors['note']}
        rows={4}
        required={false}
      />
      {quote ? <Confirm quote={quote} form={form} format={format} /> : <Send />}
    </form>
  );
}

const Send = () => (
  <div class="actions">
    <Button>{t('return.send')}</Button>
  </div>
);

interface ConfirmProps {
  quote: ExchangeQuote;
  form: ReturnFormProps;
  format: Format;
}

function Confirm({ quote, form, format }: ConfirmProps) {
  const { typed, errors, isChanged, currency, creditMinor, isTest } = form;
  const { toPayMinor } = quote;
  const notices = <Notices errors={errors} isChanged={isChanged} />;
  const words = {
    toPay: t('swap.quote.to_pay'),
    back: t('swap.quote.back'),
    kept: t('swap.quote.kept'),
  };
  const paid = {
    giftCard: typed['giftCard'] ?? '',
    credit: typed['credit'] ?? '',
    payment: typed['payment'] ?? 'approved',
  };
  const faults = { giftCard: errors['giftCard'] };
  const checkout = { cart: { currency }, typed: paid, errors: faults, creditMinor, isTest };
  return (
    <>
      <Quote quote={quote} format={format} words={words} notices={notices} />
      {toPayMinor > 0 && <PaymentPart checkout={checkout} format={format} />}
      <div class="actions">
        <Button>
          {toPayMinor > 0
            ? t('swap.confirm.pay', { amount: format.money(toPayMinor, currency) })
            : t('swap.confirm')}
        </Button>
      </div>
    </>
  );
}
