import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { businessDayAt } from '#modules/insight/index.ts';
import { addArea, type Area, areas, regionDetail, regionOfAddress } from '#modules/market/index.ts';
import { mayEnter } from '#platform/access.ts';
import type { Config } from '#platform/config.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { type MarketRegion, marketRegions } from '#read/market-regions.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { type AreaPreview, Preview, previewOf } from './region-preview.tsx';
import { type AreaFault, areaFaultOf, PLANS, planOf } from './region-form.ts';
import { CREDIT_READERS, CREDIT_WRITERS } from './sections.ts';
import { DeskShell } from './shell.tsx';

const Body = exactly({
  parent: Text(60),
  code: Text(60),
  name: Text(80),
  by: Type.Enum([...PLANS]),
  parts: Text(400_000),
  middle: Text(60),
  do: Type.Enum(['preview', 'add'], { default: 'add' }),
});
type Typed = Static<typeof Body>;

const Query = exactly({ country: Text(2), postcode: Text(20), area: Text(60) });

interface View {
  list: Area[];
  regions: Map<string, MarketRegion>;
  typed: Typed;
  fault?: AreaFault | undefined;
  asked: Static<typeof Query>;
  /** Where the address that was asked for counts. */
  found?: string | undefined;
  preview?: AreaPreview | undefined;
  tiles: Config['tiles'];
}

const BLANK: Typed = { parent: '', code: '', name: '', by: 'postcodes', parts: '', middle: '', do: 'add' };

/** The tree of regions: merchants see it, operations divides countries. */
export const regionsPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  const { tiles } = config;
  const about = { imagesFrom: tiles ? [originOfTiles(tiles.url)] : [] };
  const read = async (): Promise<View> => {
    const [list, regions] = await Promise.all([areas(reads), marketRegions(reads)]);
    return { list, regions, typed: BLANK, asked: { country: '', postcode: '', area: '' }, tiles };
  };

  app.get('/desk/regions', page(CREDIT_READERS, { querystring: Query }, about), async ({ query }, reply) => {
    const view = await read();
    const { country, postcode, area } = query;
    const typed = area ? ((await typedFrom(reads, area)) ?? BLANK) : BLANK;
    const found = country ? await regionOfAddress(reads, country.toUpperCase(), postcode) : undefined;
    return reply.page((about) => <RegionsPage page={about} view={{ ...view, typed, asked: query, found }} />);
  });

  app.post('/desk/regions', page(CREDIT_WRITERS, { body: Body }, about), async ({ body: typed }, reply) => {
    const view = await read();
    const isTried = typed.do === 'preview';
    const done = isTried ? await triedOr(typed, view) : await addedOr(typed, view);
    if (!done) return sendOn(reply, '/desk/regions', 'desk.regions.is_added');
    const shown = 'status' in done ? { fault: done } : { preview: done };
    void reply.code('status' in done ? done.status : 200);
    return reply.page((about) => <RegionsPage page={about} view={{ ...view, typed, ...shown }} />);
  });

  async function triedOr(typed: Typed, { regions }: View): Promise<AreaFault | AreaPreview> {
    if (!regions.has(typed.parent))
      return { status: 422, field: 'parent', text: t('desk.regions.fault.parent') };
    const plan = planOf(typed);
    if ('status' in plan) return plan;
    try {
      return await previewOf(reads, plan, typed.parent, businessDayAt(now(), config.timeZone));
    } catch (error) {
      const fault = error instanceof AppError ? areaFaultOf(error, regions) : undefined;
      if (!fault) throw error;
      return fault;
    }
  }

  async function addedOr(typed: Typed, { regions }: View): Promise<AreaFault | undefined> {
    const { parent: parentCode } = typed;
    const [code, name] = [typed.code.trim(), typed.name.trim()];
    if (!regions.has(parentCode))
      return { status: 422, field: 'parent', text: t('desk.regions.fault.parent') };
    if (!name) return { status: 422, field: 'name', text: t('desk.regions.fault.name') };
    const plan = planOf(typed);
    if ('status' in plan) return plan;
    try {
      await inTransaction(db, (tx) => addArea(tx, { code, parentCode, name, plan }));
      return undefined;
    } catch (error) {
      const fault = error instanceof AppError ? areaFaultOf(error, regions) : undefined;
      if (!fault) throw error;
      return fault;
    }
  }
};

const originOfTiles = (url: string) => new URL(url.replaceAll(/[{}]/g, '')).origin;

/** What an area is made of never changes, since sales count by its code: from its parts another one within it begins. */
async function typedFrom(reads: Db, code: string): Promise<Typed | undefined> {
  const found = await regionDetail(reads, code);
  if (found?.kind !== 'area') return undefined;
  const { cells, postcodes } = found;
  const made =
    cells.length > 0
      ? { by: 'cells' as const, parts: cells }
      : { by: 'postcodes' as const, parts: postcodes };
  return { ...BLANK, parent: code, by: made.by, parts: made.parts.join('\n') };
}

function RegionsPage({ page: about, view }: { page: Page; view: View }) {
  return (
    <DeskShell page={about} title={t('desk.regions')}>
      <header class="desk-head">
        <h1>{t('desk.regions')}</h1>
        <p class="soft">{t('desk.regions.lead')}</p>
        <p>
          <a href="/desk/regions/postcodes">{t('desk.postcodes.open')}</a>
        </p>
      </header>
      {view.list.length === 0 ? (
        <EmptyState title={t('desk.regions.none.title')} text={t('desk.regions.none.text')} />
      ) : (
        <Areas page={about} view={view} />
      )}
      <Find view={view} />
      {mayEnter(about.viewer, CREDIT_WRITERS) && <AddForm page={about} view={view} />}
    </DeskShell>
  );
}

function Areas({ page: { format }, view: { list, regions } }: { page: Page; view: View }) {
  const nameOf = (code: string) => regions.get(code)?.name ?? code;
  return (
    <Table
      caption={t('desk.regions.table')}
      rows={list}
      rowKey={({ code }) => code}
      columns={[
        { title: t('desk.regions.area'), cell: ({ name }) => name },
        { title: t('desk.regions.code'), cell: ({ code }) => code },
        {
          title: t('desk.regions.within'),
          cell: ({ path }) => path.map(nameOf).join(' › '),
        },
        {
          title: t('desk.regions.made_of'),
          cell: ({ postcodes, cellCount }) =>
            cellCount > 0
              ? t('desk.regions.cells', { count: cellCount, shown: format.number(cellCount) })
              : postcodes.join(', '),
        },
        {
          title: t('desk.regions.use'),
          cell: ({ code, name }) => (
            <a
              href={`/desk/regions?${new URLSearchParams({ area: code })}#add`}
              aria-label={t('desk.regions.use_of', { name })}
            >
              {t('desk.regions.use_it')}
            </a>
          ),
        },
      ]}
    />
  );
}

function Find({ view: { asked, found, regions } }: { view: View }) {
  return (
    <section class="panel" aria-labelledby="find">
      <h2 id="find">{t('desk.regions.find')}</h2>
      <form action="/desk/regions#find" class="filter-row">
        <Field
          name="country"
          label={t('desk.regions.find.country')}
          value={asked.country}
          required
          input={{ maxlength: 2, autocomplete: 'off' }}
        />
        <Field
          name="postcode"
          label={t('desk.regions.find.postcode')}
          value={asked.postcode}
          required={false}
          input={{ maxlength: 20, autocomplete: 'off' }}
        />
        <Button look="plain">{t('desk.regions.find.button')}</Button>
      </form>
      {found && (
        <Notice>{t('desk.regions.find.answer', { region: regions.get(found)?.name ?? found })}</Notice>
      )}
    </section>
  );
}

function AddForm({ page: { format }, view }: { page: Page; view: View }) {
  const { typed, fault, regions, preview } = view;
  const errorAt = (field: AreaFault['field']) => (fault?.field === field ? fault.text : undefined);
  const parents = [...regions.values()]
    .filter(({ code }) => /^[A-Z]{2}/.test(code))
    .sort((a, b) => a.name.localeCompare(b.name, format.locale));
  return (
    <section class="admin-form" aria-labelledby="add">
      <h2 id="add">{t('desk.regions.add')}</h2>
      <p class="hint">{t('desk.regions.add.hint')}</p>
      {preview && (
        <Preview preview={preview} parent={regions.get(typed.parent)?.name ?? ''} format={format} />
      )}
      <form method="post" action="/desk/regions#add" class="form" novalidate>
        <Select
          name="parent"
          label={t('desk.regions.parent')}
          value={typed.parent}
          required
          error={errorAt('parent')}
          options={[
            { value: '', label: t('desk.territories.choose') },
            ...parents.map(({ code, name }) => ({ value: code, label: name })),
          ]}
        />
        <div class="form-row">
          <Field
            name="code"
            label={t('desk.regions.code')}
            hint={t('desk.regions.code.hint')}
            value={typed.code}
            required
            error={errorAt('code')}
            input={{ maxlength: 60, autocomplete: 'off' }}
          />
          <Field
            name="name"
            label={t('desk.regions.name')}
            value={typed.name}
            required
            error={errorAt('name')}
            input={{ maxlength: 80, autocomplete: 'off' }}
          />
        </div>
        <PartsFields view={view} error={errorAt('parts')} />
        <Field
          name="middle"
          label={t('desk.regions.middle')}
          hint={t('desk.regions.middle.hint')}
          value={typed.middle}
          required={false}
          error={errorAt('middle')}
          input={{ maxlength: 60, autocomplete: 'off' }}
        />
        <div class="actions">
          <Button look="plain" name="do" value="preview">
            {t('desk.regions.preview')}
          </Button>
          <Button name="do" value="add">
            {t('desk.regions.button')}
          </Button>
        </div>
      </form>
    </section>
  );
}

/** The list of what it is made of; the map over it shows the list, and writes into it. */
function PartsFields({ view: { typed, tiles }, error }: { view: View; error: string | undefined }) {
  return (
    <area-map data-words={JSON.stringify(wordsOfMap())} data-tiles={tiles?.url} data-credit={tiles?.credit}>
      <Select
        name="by"
        label={t('desk.regions.by')}
        value={typed.by}
        required
        options={PLANS.map((value) => ({ value, label: t(`desk.regions.by.${value}`) }))}
      />
      <TextArea
        name="parts"
        label={t('desk.regions.parts')}
        hint={t('desk.regions.parts.hint')}
        value={typed.parts}
        error={error}
        rows={6}
      />
    </area-map>
  );
}

/** What the map says in the browser, which puts in what it is about. */
const wordsOfMap = () => {
  const facts = { number: '#number', place: '#place', count: '#count' };
  return {
    label: t('desk.map_of_area'),
    outline: t('desk.map_of_area.outline'),
    cells: t('desk.map_of_area.cells'),
    size: t('desk.map_of_area.size'),
    add: t('desk.map_of_area.add'),
    take: t('desk.map_of_area.take'),
    remove: t('desk.map_of_area.remove'),
    undo: t('desk.map_of_area.undo'),
    clear: t('desk.map_of_area.clear'),
    show: t('desk.map_of_area.show'),
    point: t('desk.map_of_area.point', facts),
    added: t('desk.map_of_area.added', facts),
    moved: t('desk.map_of_area.moved', facts),
    removed: t('desk.map_of_area.removed', facts),
    chosen: t('desk.map_of_area.chosen', facts),
    none: t('desk.map_of_area.none'),
    taken: t('desk.map_of_area.taken', facts),
    left: t('desk.map_of_area.left', facts),
    cleared: t('desk.map_of_area.cleared'),
    undone: t('desk.map_of_area.undone'),
    nothing: t('desk.map_of_area.nothing'),
  };
};
