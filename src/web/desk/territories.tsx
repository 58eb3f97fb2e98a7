import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { businessDayAt } from '#modules/insight/index.ts';
import { locations } from '#modules/inventory/index.ts';
import {
  marketErrors,
  setSharing,
  setTerritory,
  sharesFor,
  sharing,
  territories,
  type Territory,
  type TerritoryStore,
} from '#modules/market/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { marketRegions } from '#read/market-regions.ts';
import { regionsGivenWith } from '#read/region-sales.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import type { PlainKey } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { storeName } from './credit-query.ts';
import { dayName } from './figures.tsx';
import { soldLately } from './region-preview.tsx';
import { CREDIT_READERS, CREDIT_WRITERS } from './sections.ts';
import { SharingForm } from './sharing-form.tsx';
import { SharingBody, sharingIn, typedSharing } from './sharing-typed.ts';
import { DeskShell } from './shell.tsx';
import { isDay } from './stock-shell.tsx';
import { TerritoryFilters } from './territory-filters.tsx';
import { TerritoryForm } from './territory-form.tsx';
import { TerritoryBody, type TerritoryView, type TypedTerritory } from './territory-view.ts';

const Filters = exactly({ region: Text(60), store: Text(120) });
const NO_FILTERS = { region: '', store: '' };

const reading = ({ reads, now, config }: Deps) => {
  const today = () => businessDayAt(now(), config.timeZone);
  return async (typed?: TypedTerritory): Promise<TerritoryView> => {
    const [list, places, regions, shared] = await Promise.all([
      territories(reads, today()),
      locations(reads),
      marketRegions(reads),
      sharing(reads),
    ]);
    const blank = { id: newId(), region: '', from: today(), note: '', do: 'preview' as const };
    return {
      list,
      places,
      regions,
      filters: NO_FILTERS,
      typed: typed ?? (blank as TypedTerritory),
      errors: {},
      typedSharing: typedSharing(shared),
      sharingErrors: {},
    };
  };
};

/** Which store a region belongs to: merchants see it, operations sets it. */
export const territoriesPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  const read = reading(deps);

  app.get('/desk/territories', page(CREDIT_READERS, { querystring: Filters }), async ({ query }, reply) => {
    const view = { ...(await read()), filters: query };
    return reply.page((about) => <TerritoriesPage page={about} view={view} />);
  });

  app.post(
    '/desk/territories',
    page(CREDIT_WRITERS, { body: TerritoryBody }),
    async ({ viewer, body }, reply) => {
      const view = await read(body as TypedTerritory);
      const { stores, errors } = wishedStores(view);
      if (!view.regions.has(body.region)) errors['region'] = t('desk.territories.fault.region');
      if (!isDay(body.from)) errors['from'] = t('desk.territories.fault.day');
      const show = (more: Partial<TerritoryView>, status: number) => {
        void reply.code(status);
        return reply.page((about) => <TerritoriesPage page={about} view={{ ...view, ...more }} />);
      };
      if (Object.keys(errors).length > 0) return show({ errors }, 422);
      try {
        if (body.do === 'preview') {
          const shares = await sharesFor(reads, body.region, stores);
          const given = await regionsGivenWith(reads, body.region, body.from);
          const today = businessDayAt(now(), deps.config.timeZone);
          return await show({ shares, moving: await soldLately(reads, given, today) }, 200);
        }
        const about = {
          id: body.id,
          startsOn: body.from,
          note: body.note.trim(),
          setBy: viewer.memberId ?? null,
        };
        await inTransaction(db, (tx) =>
          setTerritory(tx, { ...about, regionCode: body.region, stores }, now()),
        );
      } catch (error) {
        const fault = error instanceof AppError ? FAULTS[error.code] : undefined;
        if (!(error instanceof AppError) || !fault) throw error;
        return show({ errors: { region: say(fault) }, typed: { ...view.typed, id: newId() } }, error.status);
      }
      return sendOn(reply, '/desk/territories', 'desk.territories.is_set');
    },
  );
};

/** How stores share regions from now on, tried on those that are shared. */
export const sharingPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const read = reading(deps);
  app.post(
    '/desk/territories/sharing',
    page(CREDIT_WRITERS, { body: SharingBody }),
    async ({ body }, reply) => {
      const { do: wanted, ...typed } = body;
      const { sharing: wish, errors } = sharingIn(typed);
      if (wish && wanted === 'set') {
        await inTransaction(deps.db, (tx) => setSharing(tx, wish));
        return sendOn(reply, '/desk/territories', 'desk.sharing.is_set');
      }
      const shown = wish ? { tried: wish } : { sharingErrors: errors };
      const view = { ...(await read()), typedSharing: typed, ...shown };
      void reply.code(wish ? 200 : 422);
      return reply.page((about) => <TerritoriesPage page={about} view={view} />);
    },
  );
};

const FAULTS: Record<string, PlainKey> = {
  [marketErrors.region_unplaced.code]: 'desk.territories.fault.unplaced',
  [marketErrors.territory_differs.code]: 'desk.territories.fault.spent',
};

function wishedStores({ typed, places }: TerritoryView) {
  const stores: TerritoryStore[] = [];
  const errors: Record<string, string> = {};
  for (const { id: locationId, code, latitude, longitude } of places) {
    const text = typed[`store-${code}`]?.trim() ?? '';
    if (text === '') continue;
    const attractiveness = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
    if (attractiveness > 0) stores.push({ locationId, attractiveness, position: { latitude, longitude } });
    else errors[`store-${code}`] = t('desk.territories.fault.attractiveness');
  }
  return { stores, errors };
}

function TerritoriesPage({ page: about, view }: { page: Page; view: TerritoryView }) {
  return (
    <DeskShell page={about} title={t('desk.territories')}>
      <header class="desk-head">
        <h1>{t('desk.territories')}</h1>
        <p class="soft">{t('desk.territories.lead')}</p>
      </header>
      {view.list.length === 0 ? (
        <EmptyState title={t('desk.territories.none.title')} text={t('desk.territories.none.text')} />
      ) : (
        <>
          <TerritoryFilters page={about} view={view} />
          <Territories page={about} view={view} />
        </>
      )}
      {mayEnter(about.viewer, CREDIT_WRITERS) && (
        <>
          <TerritoryForm page={about} view={view} />
          <SharingForm page={about} view={view} />
        </>
      )}
    </DeskShell>
  );
}

function narrowed({ list, places, filters: { region, store } }: TerritoryView): Territory[] {
  const storeId = places.find(({ code }) => code === store)?.id;
  return list.filter(
    ({ regionCode, shares }) =>
      (region === '' || regionCode === region) &&
      (store === '' || shares.some(({ locationId }) => locationId === storeId)),
  );
}

function Territories({ page: { format }, view }: { page: Page; view: TerritoryView }) {
  const { places, regions } = view;
  const list = narrowed(view);
  if (list.length === 0) {
    return (
      <EmptyState title={t('desk.territories.nothing.title')} text={t('desk.territories.nothing.text')} />
    );
  }
  const storesOf = ({ shares }: Territory) => {
    if (shares.length === 0) return t('desk.territories.nobody');
    const sum = shares.reduce((total, { weight }) => total + weight, 0);
    return shares
      .map(({ locationId, weight }) =>
        shares.length === 1
          ? storeName(places, locationId)
          : t('desk.territories.share', {
              store: storeName(places, locationId),
              share: format.percent(weight / sum),
            }),
      )
      .join(', ');
  };
  return (
    <Table
      caption={t('desk.territories.table')}
      rows={list}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('desk.territories.region'),
          cell: ({ regionCode }) => regions.get(regionCode)?.name ?? regionCode,
        },
        { title: t('desk.territories.from'), cell: ({ startsOn }) => dayName(format, startsOn) },
        {
          title: t('desk.territories.until'),
          cell: ({ endsOn }) => (endsOn ? dayName(format, endsOn) : t('desk.territories.open')),
        },
        { title: t('desk.territories.stores'), cell: storesOf },
      ]}
    />
  );
}
