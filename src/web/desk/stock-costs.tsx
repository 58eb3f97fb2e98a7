import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { faultAt, type StockFault } from './stock-shell.tsx';

/** What a delivery cost beside its goods, spread over them. */
export function Costs({
  typed,
  currency,
  fault,
}: {
  typed: { freight: string; duty: string };
  currency: string;
  fault: StockFault | undefined;
}) {
  return (
    <div class="form-row">
      {(['freight', 'duty'] as const).map((name) => (
        <Field
          key={name}
          name={name}
          label={t(`desk.stock.${name}`, { currency })}
          value={typed[name]}
          required={false}
          error={faultAt(fault, name)}
          input={{ inputmode: 'decimal', autocomplete: 'off', maxlength: 16 }}
        />
      ))}
    </div>
  );
}
