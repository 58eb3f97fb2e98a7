import { RETURN_REASONS, type ReturnableLine, type ReturnWish } from '#modules/orders/index.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { say, t } from '../messages.ts';

export type Typed = Record<string, string>;
export type Errors = Partial<Record<string, string>>;

const unitsOf = (lineId: string) => `units_${lineId}`;
const reasonOf = (lineId: string) => `reason_${lineId}`;
const NOTE_MAX = 1000;

type Wish = Pick<ReturnWish, 'kind' | 'refundTo' | 'lines' | 'note'>;

/** What a form asks for, or what is wrong with it, by its fields; `form` where it is none of them. */
export function wishIn(
  typed: Typed,
  lines: readonly ReturnableLine[],
): { wish: Wish; errors?: never } | { wish?: never; errors: Errors } {
  const errors: Errors = {};
  const wished: ReturnWish['lines'][number][] = [];
  for (const { lineId, left } of lines) {
    const raw = (typed[unitsOf(lineId)] ?? '').trim() || '0';
    const quantity = /^\d{1,6}$/.test(raw) ? Number(raw) : Number.NaN;
    const reason = RETURN_REASONS.find((each) => each === typed[reasonOf(lineId)]) ?? 'other';
    if (!(quantity <= left)) errors[unitsOf(lineId)] = t('return.fault.units', { left });
    else if (quantity > 0) wished.push({ lineId, quantity, reason });
  }
  const note = (typed['note'] ?? '').replaceAll('\r', '').trim();
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (note.length > NOTE_MAX || /[\x00-\x09\x0b-\x1f\x7f]/.test(note))
    errors['note'] = t('return.fault.note');
  if (Object.keys(errors).length === 0 && wished.length === 0) errors['form'] = t('return.fault.nothing');
  if (Object.keys(errors).length > 0) return { errors };
  const kind = typed['kind'] === 'claim' ? 'claim' : 'return';
  const refundTo = typed['refund_to'] === 'store_credit' ? 'store_credit' : 'original';
  return { wish: { kind, refundTo, lines: wished, note } };
}

interface Props {
  action: string;
  requestId: string;
  cart: string | undefined;
  lines: readonly ReturnableLine[];
  mayHaveCredit: boolean;
  typed: Typed;
  errors: Errors;
}

export function ReturnForm({ action, requestId, cart, lines, mayHaveCredit, typed, errors }: Props) {
  return (
    <form method="post" action={action} class="form" novalidate>
      {errors['form'] && <Notice kind="error">{errors['form']}</Notice>}
      <input type="hidden" name="requestId" value={requestId} />
      {cart && <input type="hidden" name="cart" value={cart} />}
      {lines.map(({ lineId, title, options, left }) => (
        <fieldset key={lineId}>
          <legend>{[title, options].filter(Boolean).join(' · ')}</legend>
          <Field
            name={unitsOf(lineId)}
            label={t('return.units', { title })}
            hint={t('return.units.hint', { left })}
            value={typed[unitsOf(lineId)] ?? '0'}
            error={errors[unitsOf(lineId)]}
            input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 6 }}
          />
          <Select
            name={reasonOf(lineId)}
            label={t('return.reason')}
            value={typed[reasonOf(lineId)] ?? 'changed_mind'}
            options={RETURN_REASONS.map((value) => ({ value, label: say(`return.reason.${value}`) }))}
          />
        </fieldset>
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
      <div class="actions">
        <Button>{t('return.send')}</Button>
      </div>
    </form>
  );
}
