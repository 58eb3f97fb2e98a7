import { ORDER_MARKS, ORDER_STATES } from '#read/order-list.ts';
import { Button } from '../components/Button.tsx';
import { Check, Field, Select } from '../components/Field.tsx';
import { say, t } from '../messages.ts';
import type { OrdersView } from './orders-view.ts';
import { placeOptions } from './stock-shell.tsx';
import { touchpointName } from './touchpoints.ts';

interface Props {
  view: OrdersView;
  action: string;
  isNarrowed: boolean;
  mayReadPersonal: boolean;
}

/** The search box and the filters: the address holds them all. */
export function OrderFilterForm({ view, action, isNarrowed, mayReadPersonal }: Props) {
  const { filters, facets, places } = view;
  const all = { value: '', label: t('desk.all_orders.all') };
  return (
    <form action={action} class="order-filters" role="search" aria-label={t('desk.filters')}>
      <Field
        name="words"
        label={t('desk.all_orders.words')}
        hint={mayReadPersonal ? t('desk.all_orders.words.hint') : t('desk.all_orders.words.hint_goods')}
        value={filters.words}
        class="order-words"
        input={{ maxlength: 120, autocomplete: 'off' }}
      />
      <Select
        name="state"
        label={t('desk.all_orders.state')}
        value={filters.state}
        options={[
          all,
          ...ORDER_STATES.map((value) => ({ value, label: say(`desk.all_orders.state.${value}`) })),
        ]}
      />
      <Select
        name="touchpoint"
        label={t('desk.all_orders.touchpoint')}
        value={filters.touchpoint}
        options={[all, ...facets.touchpoints.map((value) => ({ value, label: touchpointName(value) }))]}
      />
      <Select
        name="region"
        label={t('desk.all_orders.region')}
        value={filters.region}
        options={[all, ...facets.regions.map(({ code: value, name: label }) => ({ value, label }))]}
      />
      <Select
        name="location"
        label={t('desk.all_orders.location')}
        value={filters.location}
        options={placeOptions(places, t('desk.all_orders.all'))}
      />
      <Field name="from" label={t('desk.all_orders.from')} type="date" value={filters.from} />
      <Field name="to" label={t('desk.all_orders.to')} type="date" value={filters.to} />
      <TotalsAndMarks view={view} />
      <div class="actions">
        <Button>{t('desk.filters.show')}</Button>
        {isNarrowed && <a href={action}>{t('filters.clear')}</a>}
      </div>
    </form>
  );
}

function TotalsAndMarks({ view: { filters, facets, currency } }: Pick<Props, 'view'>) {
  const totalsIn = { currency: filters.currency || currency };
  return (
    <>
      <Select
        name="currency"
        label={t('desk.all_orders.currency')}
        value={filters.currency}
        options={[
          { value: '', label: t('desk.all_orders.all') },
          ...facets.currencies.map((value) => ({ value, label: value })),
        ]}
      />
      <Field
        name="total_from"
        label={t('desk.all_orders.total_from', totalsIn)}
        value={filters.total_from}
        input={{ maxlength: 20, inputmode: 'decimal' }}
      />
      <Field
        name="total_to"
        label={t('desk.all_orders.total_to', totalsIn)}
        value={filters.total_to}
        input={{ maxlength: 20, inputmode: 'decimal' }}
      />
      <fieldset class="order-marks">
        <legend>{t('desk.all_orders.marks')}</legend>
        {ORDER_MARKS.map((mark) => (
          <Check
            key={mark}
            name={mark}
            label={say(`desk.all_orders.mark.${mark}`)}
            checked={filters[mark] === 'yes'}
          />
        ))}
      </fieldset>
    </>
  );
}
