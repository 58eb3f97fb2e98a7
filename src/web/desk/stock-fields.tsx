import type { Location } from '#modules/inventory/index.ts';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { faultAt, placeOptions, type StockFault } from './stock-shell.tsx';

interface Props {
  name?: string;
  value: string;
  fault: StockFault | undefined;
}

/** Which location it is about. */
export function PlaceSelect({
  name = 'location',
  label = t('desk.stock.location'),
  places,
  value,
  fault,
}: Props & { label?: string; places: readonly Location[] }) {
  return (
    <Select
      name={name}
      label={label}
      value={value}
      required
      error={faultAt(fault, name)}
      options={placeOptions(places, t('desk.stock.choose'))}
    />
  );
}

export function QuantityField({ name = 'quantity', value, fault }: Props) {
  return (
    <Field
      name={name}
      label={t('desk.stock.quantity')}
      value={value}
      required
      error={faultAt(fault, name)}
      input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 8 }}
    />
  );
}

/** The day on which goods on their way are to come. */
export function ExpectedField({ value, fault }: Omit<Props, 'name'>) {
  return (
    <Field
      name="expected"
      type="date"
      label={t('desk.stock.expected')}
      value={value}
      required
      error={faultAt(fault, 'expected')}
    />
  );
}

/** SKUs with how many of each, one a line. */
export function LinesField({ value, hint, fault }: Omit<Props, 'name'> & { hint: string }) {
  return (
    <TextArea
      name="lines"
      label={t('desk.stock.lines')}
      hint={hint}
      value={value}
      error={faultAt(fault, 'lines')}
      rows={4}
    />
  );
}
