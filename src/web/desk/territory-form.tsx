import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { storeName } from './credit-query.ts';
import { salesText } from './region-preview.tsx';
import type { TerritoryView } from './territory-view.ts';

/** A region, a day, and a number beside each store that is to have it. The first button shows what would come of it. */
export function TerritoryForm({ page, view }: { page: Page; view: TerritoryView }) {
  const { typed, errors, places, regions, shares, moving } = view;
  const choices = [...regions.values()].sort((a, b) => a.name.localeCompare(b.name, page.format.locale));
  return (
    <section class="admin-form" aria-labelledby="set">
      <h2 id="set">{t('desk.territories.set')}</h2>
      <p class="hint">{t('desk.territories.set.hint')}</p>
      {shares && <Shares page={page} view={view} shares={shares} />}
      {moving && <Moving page={page} view={view} moving={moving} />}
      <form method="post" action="/desk/territories#set" class="form" novalidate>
        <input type="hidden" name="id" value={typed.id} />
        <div class="form-row">
          <Select
            name="region"
            label={t('desk.territories.region')}
            value={typed.region}
            required
            error={errors['region']}
            options={[
              { value: '', label: t('desk.territories.choose') },
              ...choices.map(({ code, name }) => ({ value: code, label: name })),
            ]}
          />
          <Field
            name="from"
            type="date"
            label={t('desk.territories.from')}
            value={typed.from}
            required
            error={errors['from']}
          />
        </div>
        <fieldset class="form">
          <legend>{t('desk.territories.stores')}</legend>
          <p class="hint">{t('desk.territories.attractiveness.hint')}</p>
          {places
            .filter(({ kind }) => kind === 'store')
            .map(({ code, name }) => (
              <Field
                key={code}
                name={`store-${code}`}
                label={t('desk.territories.attractiveness', { store: name })}
                value={typed[`store-${code}`] ?? ''}
                error={errors[`store-${code}`]}
                input={{ inputmode: 'decimal', autocomplete: 'off', maxlength: 20 }}
              />
            ))}
        </fieldset>
        <Field
          name="note"
          label={t('desk.routing.note')}
          value={typed.note}
          required={false}
          input={{ maxlength: 200, autocomplete: 'off' }}
        />
        <div class="actions">
          <Button look="plain" name="do" value="preview">
            {t('desk.territories.preview')}
          </Button>
          <Button name="do" value="set">
            {t('desk.territories.button')}
          </Button>
        </div>
      </form>
    </section>
  );
}

interface MovingProps {
  page: Page;
  view: TerritoryView;
  moving: NonNullable<TerritoryView['moving']>;
}

const Moving = ({ page: { format }, view: { typed, regions }, moving }: MovingProps) => (
  <Notice kind="info">
    {t('desk.territories.moves', {
      region: regions.get(typed.region)?.name ?? typed.region,
      sold: salesText(moving, format),
    })}
  </Notice>
);

interface SharesProps {
  page: Page;
  view: TerritoryView;
  shares: NonNullable<TerritoryView['shares']>;
}

function Shares({ page: { format }, view: { places }, shares }: SharesProps) {
  const [first] = shares;
  if (!first) return <Notice kind="info">{t('desk.territories.shares.nobody')}</Notice>;
  if (shares.length === 1) {
    const store = storeName(places, first.locationId);
    return <Notice kind="info">{t('desk.territories.shares.one', { store })}</Notice>;
  }
  const sum = shares.reduce((total, { weight }) => total + weight, 0);
  return (
    <Table
      caption={t('desk.territories.shares')}
      rows={shares}
      rowKey={({ locationId }) => locationId}
      columns={[
        { title: t('desk.credits.store'), cell: ({ locationId }) => storeName(places, locationId) },
        {
          title: t('desk.territories.distance'),
          figures: true,
          cell: ({ distanceKm }) =>
            t('desk.territories.kilometres', { km: format.number(Math.round(distanceKm ?? 0)) }),
        },
        {
          title: t('desk.territories.part'),
          figures: true,
          cell: ({ weight }) => format.percent(weight / sum),
        },
      ]}
    />
  );
}
