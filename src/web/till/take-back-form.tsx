import { type Order, type ReturnableLine, RETURN_REASONS } from '#modules/orders/index.ts';
import { CASH } from '#modules/payments/index.ts';
import { FOUND, type TakingBack } from '#modules/till/index.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import { ExchangeFields } from './exchange-form.tsx';
import type { FormFault, Priced } from './take-back-typed.ts';

type Typed = Record<string, string>;
export const unitsField = (lineId: string) => `units_${lineId}`;
const fieldsOf = (lineId: string) => [unitsField(lineId), `reason_${lineId}`, `found_${lineId}`] as const;

/** What a form says that comes back, or what is wrong with it. Whether so much can is told by what takes it. */
export function takenIn(
  typed: Typed,
  lines: readonly ReturnableLine[],
): Pick<TakingBack, 'lines' | 'refundTo'> | FormFault {
  const taken: TakingBack['lines'][number][] = [];
  for (const { lineId, left } of lines) {
    const [units, reasons, founds] = fieldsOf(lineId);
    const raw = (typed[units] ?? '').trim() || '0';
    if (!/^\d{1,6}$/.test(raw))
      return { status: 422, field: units, text: t('till.back.fault.units', { left }), typed };
    const quantity = Number(raw);
    if (quantity === 0) continue;
    const reason = RETURN_REASONS.find((each) => each === typed[reasons]) ?? 'other';
    const found = FOUND.find((each) => each === typed[founds]) ?? 'restock';
    taken.push({ lineId, quantity, reason, found });
  }
  if (taken.length === 0) return { status: 422, text: t('till.back.fault.nothing'), typed };
  return { lines: taken, refundTo: typed['refund_to'] === 'store_credit' ? 'store_credit' : 'original' };
}

interface Props {
  action: string;
  id: string;
  order: Order;
  /** Those of which something can come back. */
  lines: readonly ReturnableLine[];
  mayHaveCredit: boolean;
  format: Format;
  fault: FormFault | undefined;
  /** What is wanted in place of the goods, priced. */
  priced: Priced | undefined;
}

export function TakeBackForm(props: Props) {
  const { action, id, order, lines, mayHaveCredit, fault, priced, format } = props;
  const typed = fault?.typed ?? priced?.typed;
  const isCash = order.payments.some(
    ({ provider, capturedMinor, refundedMinor }) => provider === CASH && capturedMinor > refundedMinor,
  );
  return (
    <form method="post" action={action} class="form" novalidate>
      {fault && fault.field === undefined && <Notice kind="error">{fault.text}</Notice>}
      <input type="hidden" name="id" value={id} />
      {lines.map((line) => (
        <Line key={line.lineId} {...props} line={line} />
      ))}
      <Select
        name="refund_to"
        label={t('till.back.refund_to')}
        value={typed?.['refund_to']}
        options={[
          {
            value: 'original',
            label: t(isCash ? 'till.back.refund_to.original.cash' : 'till.back.refund_to.original'),
          },
          ...(mayHaveCredit ? [{ value: 'store_credit', label: t('till.back.refund_to.store_credit') }] : []),
        ]}
      />
      {/* Once an exchange is priced Enter means that, and never money out of the drawer. */}
      {!priced && (
        <div class="actions">
          <Button>{t('till.back.submit')}</Button>
        </div>
      )}
      <ExchangeFields orderId={order.id} {...{ priced, fault, typed, format }} />
    </form>
  );
}

function Line({ order, line, format, fault, priced }: Props & { line: ReturnableLine }) {
  const typed = fault?.typed ?? priced?.typed;
  const { lineId, title, options, left } = line;
  const [units, reasons, founds] = fieldsOf(lineId);
  const bought = order.lines.find(({ id }) => id === lineId);
  const each = bought ? Math.floor((bought.netMinor + bought.taxMinor) / bought.quantity) : 0;
  return (
    <fieldset class="till-line">
      <legend>{[title, options].filter(Boolean).join(' · ')}</legend>
      <p class="soft">
        {t('till.back.left', { left })} ·{' '}
        {t('till.back.paid_each', { amount: format.money(each, order.currency) })}
      </p>
      <div class="till-line-fields">
        <Field
          name={units}
          label={t('till.back.units')}
          value={typed?.[units] ?? '0'}
          error={fault?.field === units ? fault.text : undefined}
          input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 6 }}
        />
        <Select
          name={reasons}
          label={t('till.back.reason')}
          value={typed?.[reasons] ?? 'changed_mind'}
          options={RETURN_REASONS.map((value) => ({ value, label: say(`return.reason.${value}`) }))}
        />
        <Select
          name={founds}
          label={t('till.back.found')}
          value={typed?.[founds]}
          options={FOUND.map((value) => ({ value, label: say(`till.back.found.${value}`) }))}
        />
      </div>
    </fieldset>
  );
}
