import { type Static, Type } from 'typebox';
import { newId } from '#platform/ids.ts';
import { decimalsOf, parseDecimal } from '#platform/money.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import type { OrderView } from './order-view.ts';
import { wholeIn } from './typed.ts';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** What a form of the page sends: its own id, a reason, an amount or units by line. */
export const ActBody = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 300 }), {
  maxProperties: 300,
});
type ActBody = Static<typeof ActBody>;

export interface ActFault {
  status: 409 | 422;
  form: 'cancellation' | 'refund';
  /** What is wrong, by the name of its field. */
  errors: Record<string, string>;
  /** What is wrong with it as a whole. */
  text?: string;
  typed: ActBody;
}

const REASON_MAX = 200;
const UNITS_MAX = 1_000_000;

function headOf(body: ActBody): { id: string; reason: string; errors: Record<string, string> } {
  const { id = '', reason = '' } = body;
  const errors: Record<string, string> = {};
  if (reason.trim() === '' || reason.length > REASON_MAX) errors['reason'] = t('desk.order.fault.reason');
  return { id: new RegExp(`^${UUID}$`).test(id) ? id : newId(), reason: reason.trim(), errors };
}

interface Cancellation {
  id: string;
  reason: string;
  lines: { lineId: string; quantity: number }[];
}

export function cancellationIn(body: ActBody): Cancellation | ActFault {
  const { id, reason, errors } = headOf(body);
  const lines: Cancellation['lines'] = [];
  for (const [name, typed] of Object.entries(body)) {
    const [, lineId] = new RegExp(`^units-(${UUID})$`).exec(name) ?? [];
    if (lineId === undefined || typed.trim() === '') continue;
    const quantity = wholeIn(typed, 0, UNITS_MAX);
    if (quantity === undefined) errors[name] = t('desk.order.fault.units');
    else if (quantity > 0) lines.push({ lineId, quantity });
  }
  const isEmpty = lines.length === 0 && Object.keys(errors).length === 0;
  if (!isEmpty && Object.keys(errors).length === 0) return { id, reason, lines };
  const text = isEmpty ? { text: t('desk.order.fault.nothing') } : {};
  return { status: 422, form: 'cancellation', errors, typed: body, ...text };
}

export function refundIn(
  body: ActBody,
  currency: string,
): { id: string; reason: string; amountMinor: number } | ActFault {
  const { id, reason, errors } = headOf(body);
  const minor = parseDecimal((body['amount'] ?? '').replace(',', '.'), decimalsOf(currency));
  const amountMinor = minor !== undefined && minor > 0n && minor <= 100_000_000n ? Number(minor) : undefined;
  if (amountMinor === undefined) errors['amount'] = t('desk.order.fault.amount', { currency });
  if (amountMinor !== undefined && Object.keys(errors).length === 0) return { id, reason, amountMinor };
  return { status: 422, form: 'refund', errors, typed: body };
}

interface Props {
  view: OrderView;
  fault: ActFault | undefined;
}

/** A form that was refused keeps its id: sent again with the same facts, it is the same act. */
function ofForm(form: ActFault['form'], fault: ActFault | undefined) {
  const mine = fault?.form === form ? fault : undefined;
  return { typed: mine?.typed ?? {}, errors: mine?.errors ?? {} };
}

export function CancelForm({ view: { order, detail }, fault }: Props) {
  const { typed, errors } = ofForm('cancellation', fault);
  const lines = order.lines.flatMap((line) => {
    const units = detail.units.find(({ lineId }) => lineId === line.id);
    const left = line.quantity - (units?.cancelled ?? 0) - (units?.shipped ?? 0);
    return line.kind === 'goods' && left > 0 ? [{ id: line.id, title: line.title, left }] : [];
  });
  if (lines.length === 0) return null;
  return (
    <form method="post" action={`/desk/orders/${order.id}/cancellation`} aria-labelledby="cancel">
      <h2 id="cancel">{t('desk.order.cancel')}</h2>
      <p class="hint">{t('desk.order.cancel.hint')}</p>
      <input type="hidden" name="id" value={newId()} />
      {lines.map(({ id, title, left }) => (
        <Field
          key={id}
          name={`units-${id}`}
          label={t('desk.order.cancel.units', { title, left })}
          value={typed[`units-${id}`] ?? '0'}
          error={errors[`units-${id}`]}
          input={{ inputmode: 'numeric', maxlength: 7 }}
        />
      ))}
      <Field
        name="reason"
        label={t('desk.order.cancel.reason')}
        hint={t('desk.order.reason.hint')}
        value={typed['reason']}
        error={errors['reason']}
        required
        input={{ maxlength: REASON_MAX }}
      />
      <Button look="danger">{t('desk.order.cancel.button')}</Button>
    </form>
  );
}

export function RefundForm({ view: { order }, fault }: Props) {
  const { typed, errors } = ofForm('refund', fault);
  const { id, currency, payments } = order;
  if (payments.length === 0) return null;
  return (
    <form method="post" action={`/desk/orders/${id}/refund`} aria-labelledby="refund">
      <h2 id="refund">{t('desk.order.refund')}</h2>
      <p class="hint">{t('desk.order.refund.hint')}</p>
      <input type="hidden" name="id" value={newId()} />
      <Field
        name="amount"
        label={t('desk.order.refund.amount', { currency })}
        value={typed['amount']}
        error={errors['amount']}
        required
        input={{ inputmode: 'decimal', maxlength: 20 }}
      />
      <Field
        name="reason"
        class="refund-reason"
        label={t('desk.order.refund.reason')}
        hint={t('desk.order.reason.hint')}
        value={typed['reason']}
        error={errors['reason']}
        required
        input={{ maxlength: REASON_MAX }}
      />
      <Button look="plain">{t('desk.order.refund.button')}</Button>
    </form>
  );
}

export function ReceiptForm({ orderId }: { orderId: string }) {
  return (
    <form method="post" action={`/desk/orders/${orderId}/receipt`} aria-labelledby="receipt">
      <h2 id="receipt">{t('desk.order.receipt')}</h2>
      <p class="hint">{t('desk.order.receipt.hint')}</p>
      <input type="hidden" name="id" value={newId()} />
      <Button look="plain">{t('desk.order.receipt.button')}</Button>
    </form>
  );
}
