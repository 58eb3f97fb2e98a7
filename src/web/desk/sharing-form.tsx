import { huffWeights, type Sharing, type Territory } from '#modules/market/index.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { storeName } from './credit-query.ts';
import type { TypedSharing } from './sharing-typed.ts';
import type { TerritoryView } from './territory-view.ts';

interface Props {
  page: Page;
  view: TerritoryView;
}

/** How stores share a region, for all that share one: the first button shows what would come of it. */
export function SharingForm({ page, view }: Props) {
  const { typedSharing: typed, sharingErrors: errors, tried } = view;
  const entry = (name: keyof TypedSharing) => (
    <Field
      name={name}
      label={t(`desk.sharing.${name}`)}
      hint={t(`desk.sharing.${name}.hint`)}
      value={typed[name]}
      error={errors[name]}
      required
      input={{ inputmode: 'decimal', autocomplete: 'off', maxlength: 10 }}
    />
  );
  return (
    <section class="admin-form panel" aria-labelledby="sharing">
      <h2 id="sharing">{t('desk.sharing')}</h2>
      <p class="hint">{t('desk.sharing.hint')}</p>
      {tried && <Tried page={page} view={view} sharing={tried} />}
      <form method="post" action="/desk/territories/sharing#sharing" class="form" novalidate>
        <div class="form-row">
          {entry('alpha')}
          {entry('beta')}
          {entry('floor')}
        </div>
        <div class="actions">
          <Button look="plain" name="do" value="preview">
            {t('desk.territories.preview')}
          </Button>
          <Button name="do" value="set">
            {t('desk.sharing.button')}
          </Button>
        </div>
      </form>
    </section>
  );
}

interface TriedRow {
  key: string;
  region: string;
  store: string;
  now: number;
  again: number;
}

/** Every region that is shared, each store's part of it as it is and as it would be if it were set again. */
function Tried({ page: { format }, view, sharing }: Props & { sharing: Sharing }) {
  const rows = view.list
    .filter(({ shares }) => shares.length > 1)
    .flatMap((each) => rowsOf(each, view, sharing));
  if (rows.length === 0) return <Notice kind="info">{t('desk.sharing.none')}</Notice>;
  return (
    <Table
      caption={t('desk.sharing.tried')}
      rows={rows}
      rowKey={({ key }) => key}
      columns={[
        { title: t('desk.territories.region'), cell: ({ region }) => region },
        { title: t('desk.credits.store'), cell: ({ store }) => store },
        { title: t('desk.sharing.now'), figures: true, cell: ({ now }) => format.percent(now) },
        { title: t('desk.sharing.then'), figures: true, cell: ({ again }) => format.percent(again) },
      ]}
    />
  );
}

function rowsOf({ id, regionCode, shares }: Territory, view: TerritoryView, sharing: Sharing): TriedRow[] {
  const stores = shares.map(({ attractiveness, distanceKm }) => ({
    attractiveness,
    distanceKm: distanceKm ?? 0,
  }));
  const weights = huffWeights(stores, sharing);
  const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0);
  const [before, after] = [sum(shares.map(({ weight }) => weight)), sum(weights)];
  return shares.map(({ locationId, weight }, index) => ({
    key: `${id} ${locationId}`,
    region: view.regions.get(regionCode)?.name ?? regionCode,
    store: storeName(view.places, locationId),
    now: weight / before,
    again: (weights[index] ?? 0) / after,
  }));
}
