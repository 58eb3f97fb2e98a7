import type { ExchangeQuote, Order } from '#modules/orders/index.ts';
import type { Access } from '#platform/access.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import type { Page } from '../page.ts';
import { Notices, OtherGoods, Quote, ReturnLine } from '../return-fields.tsx';
import type { Errors, Offered, Typed } from '../return-wish.ts';
import { DeskShell } from './shell.tsx';

/** Who works on returns begins them, too: as the API's routes say. */
export const RETURN_STARTERS = ['staff:operations', 'staff:service'] satisfies Access;

interface View {
  order: Pick<Order, 'id' | 'number' | 'currency'>;
  requestId: string;
  typed: Typed;
  offered: Offered;
  mayHaveCredit: boolean;
  errors: Errors;
  quote: ExchangeQuote | undefined;
  isChanged: boolean;
}

export function StartPage({ page: about, view }: { page: Page; view: View }) {
  const { order, offered } = view;
  const title = t('desk.start.title', { number: order.number });
  return (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
        <p class="soft">{t('desk.start.lead')}</p>
        <p>
          <a href={`/desk/orders/${order.id}`}>{t('desk.returns.to_order')}</a>
        </p>
      </header>
      {offered.lines.length === 0 ? (
        <p>{t('desk.start.none')}</p>
      ) : (
        <StartForm view={view} format={about.format} />
      )}
    </DeskShell>
  );
}

interface Props {
  view: View;
  format: Format;
}

function StartForm({ view, format }: Props) {
  const { order, requestId, typed, offered, errors, isChanged } = view;
  const path = `/desk/orders/${order.id}/return`;
  return (
    <form method="post" action={`${path}#quote`} class="form return-form return-start" novalidate>
      {!view.quote && <Notices errors={errors} isChanged={isChanged} />}
      <input type="hidden" name="requestId" value={requestId} />
      {offered.lines.map((line) => (
        <ReturnLine
          key={line.lineId}
          line={line}
          choices={offered.choices.get(line.lineId) ?? []}
          typed={typed}
          errors={errors}
          words={{
            units: t('desk.start.units', { title: line.title }),
            left: t('desk.start.left', { left: line.left }),
            want: t('desk.start.want'),
          }}
        />
      ))}
      <fieldset class="return-line" id="goods">
        <legend>{t('desk.start.other')}</legend>
        <Field
          name="other"
          label={t('desk.start.other.look')}
          hint={t('desk.start.other.hint')}
          value={typed['other']}
          error={errors['other']}
          required={false}
          input={{ autocomplete: 'off', maxlength: 100 }}
        />
        <div class="actions">
          <Button look="plain" formaction={`${path}/goods#goods`}>
            {t('desk.start.find')}
          </Button>
        </div>
        <OtherGoods
          others={offered.others}
          typed={typed}
          errors={errors}
          currency={order.currency}
          format={format}
        />
      </fieldset>
      <AboutReturn view={view} />
      <Ending view={view} format={format} />
    </form>
  );
}

function AboutReturn({ view: { typed, errors, mayHaveCredit } }: Pick<Props, 'view'>) {
  return (
    <>
      <Select
        name="kind"
        label={t('desk.start.kind')}
        value={typed['kind'] ?? 'return'}
        options={(['return', 'claim'] as const).map((value) => ({
          value,
          label: say(`desk.returns.kind.${value}`),
        }))}
      />
      {mayHaveCredit && (
        <Select
          name="refund_to"
          label={t('desk.start.refund_to')}
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
        label={t('desk.start.note')}
        value={typed['note']}
        error={errors['note']}
        rows={3}
        required={false}
      />
    </>
  );
}

function Ending({ view: { quote, typed, errors, isChanged }, format }: Props) {
  const notices = <Notices errors={errors} isChanged={isChanged} />;
  const words = {
    toPay: t('desk.start.quote.to_pay'),
    back: t('desk.start.quote.back'),
    kept: t('desk.start.quote.kept'),
  };
  return (
    <>
      {quote && <Quote quote={quote} format={format} words={words} notices={notices} />}
      {quote && quote.toPayMinor > 0 && (
        <Field
          name="reference"
          label={t('desk.exchange.reference')}
          hint={t('desk.start.reference.hint')}
          value={typed['reference']}
          error={errors['reference']}
          required
          input={{ autocomplete: 'off', maxlength: 100 }}
        />
      )}
      <div class="actions">
        <Button>{quote ? t('swap.confirm') : t('desk.start.send')}</Button>
      </div>
    </>
  );
}
