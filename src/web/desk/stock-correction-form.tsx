import { ADJUSTMENT_REASONS, type Location } from '#modules/inventory/index.ts';
import { Button } from '../components/Button.tsx';
import { Select } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { CORRECTION_KINDS, type TypedCorrection, type TypedSafety } from './stock-correction.ts';
import { PlaceSelect, QuantityField } from './stock-fields.tsx';
import { faultAt, FaultNotice, type StockFault } from './stock-shell.tsx';

interface Props {
  action: string;
  places: readonly Location[];
  typed: TypedCorrection;
  fault: StockFault | undefined;
}

/** What people found: counted, found or lost, damaged, thrown away. */
export function CorrectionForm({ action, places, typed, fault }: Props) {
  const reasons = ADJUSTMENT_REASONS.map((value) => ({ value, label: t(`desk.stock.reason.${value}`) }));
  return (
    <section class="panel admin-form" aria-labelledby="book">
      <h2 id="book">{t('desk.stock.book')}</h2>
      <FaultNotice fault={fault} />
      <form method="post" action={`${action}#book`} class="form">
        <input type="hidden" name="id" value={typed.id} />
        <fieldset class="kinds">
          <legend>{t('desk.stock.book.kind')}</legend>
          {CORRECTION_KINDS.map((kind) => (
            <label class="check" key={kind}>
              <input type="radio" name="kind" value={kind} checked={kind === typed.kind} />
              <span>
                {t(`desk.stock.kind.${kind}`)}
                <small class="hint">{t(`desk.stock.book.${kind}`)}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <div class="form-row">
          <PlaceSelect places={places} value={typed.location} fault={fault} />
          <QuantityField value={typed.quantity} fault={fault} />
        </div>
        <Select
          name="reason"
          label={t('desk.stock.reason')}
          hint={t('desk.stock.reason.hint')}
          value={typed.reason}
          error={faultAt(fault, 'reason')}
          options={[{ value: '', label: t('desk.stock.choose') }, ...reasons]}
        />
        <div class="actions">
          <Button>{t('desk.stock.book.button')}</Button>
        </div>
      </form>
    </section>
  );
}

/** What stays on the shelf, whoever asks. */
export function SafetyForm({ action, places, typed, fault }: Omit<Props, 'typed'> & { typed: TypedSafety }) {
  return (
    <section class="panel admin-form" aria-labelledby="safety">
      <h2 id="safety">{t('desk.stock.safety')}</h2>
      <p class="soft">{t('desk.stock.safety.lead')}</p>
      <form method="post" action={`${action}#safety`} class="form">
        <div class="form-row">
          <PlaceSelect name="shelf" places={places} value={typed.shelf} fault={fault} />
          <QuantityField name="safety" value={typed.safety} fault={fault} />
        </div>
        <div class="actions">
          <Button look="plain">{t('desk.stock.safety.button')}</Button>
        </div>
      </form>
    </section>
  );
}
