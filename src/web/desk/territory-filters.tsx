import { Button } from '../components/Button.tsx';
import { Select } from '../components/Field.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import type { TerritoryView } from './territory-view.ts';

/** Of all territories those of a store, or of a region: only regions that have one are offered. */
export function TerritoryFilters({ page: { format }, view }: { page: Page; view: TerritoryView }) {
  const { list, regions, places, filters } = view;
  const named = [...new Set(list.map(({ regionCode }) => regionCode))]
    .map((code) => ({ value: code, label: regions.get(code)?.name ?? code }))
    .sort((a, b) => a.label.localeCompare(b.label, format.locale));
  const stores = places
    .filter(({ kind }) => kind === 'store')
    .map(({ code, name }) => ({ value: code, label: name }));
  return (
    <section class="filters" aria-label={t('desk.filters')}>
      <form action="/desk/territories" class="filter-row">
        <Select
          name="region"
          label={t('desk.territories.region')}
          value={filters.region}
          options={[{ value: '', label: t('desk.territories.all_regions') }, ...named]}
        />
        <Select
          name="store"
          label={t('desk.credits.store')}
          value={filters.store}
          options={[{ value: '', label: t('desk.territories.all_stores') }, ...stores]}
        />
        <Button look="plain">{t('desk.filters.show')}</Button>
      </form>
    </section>
  );
}
