import type { PromisedOption } from '#modules/orders/index.ts';
import { Select } from '../components/Field.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import type { Typed } from './checkout-form.ts';

interface Props {
  deliveries: readonly PromisedOption[];
  typed: Typed;
  error: string | undefined;
  format: Format;
}

/** Where it can be collected, with the day from which it lies there. */
export function StoreChoice({ deliveries, typed, error, format }: Props) {
  const pickup = deliveries.find(({ kind }) => kind === 'pickup');
  if (!pickup) return null;
  if (pickup.stores.length === 0) return <p class="soft">{t('checkout.store.none')}</p>;
  const named = pickup.stores.map(({ locationId, name, city, distanceKm, readyOn }) => {
    const day = format.day(readyOn);
    const label =
      distanceKm === null
        ? t('checkout.store.ready', { name, city, day })
        : t('checkout.store.ready_km', { name, city, day, km: format.number(distanceKm) });
    return { value: locationId, label };
  });
  return (
    <Select
      class="full"
      name="store"
      label={t('checkout.store')}
      hint={t('checkout.store.hint')}
      value={typed.store}
      error={error}
      required={false}
      options={[{ value: '', label: t('checkout.store.choose') }, ...named]}
    />
  );
}
