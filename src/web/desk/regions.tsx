import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { addArea, type Area, areas, regionOfAddress } from '#modules/market/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
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
import { type AreaFault, areaFaultOf, PLANS, planOf } from './region-form.ts';
import { CREDIT_READERS, CREDIT_WRITERS } from './sections.ts';
import { DeskShell } from './shell.tsx';

const Body = exactly({
  parent: Text(60),
  code: Text(60),
  name: Text(80),
  by: Type.Enum([...PLANS]),
  parts: Text(400_000),
});
type Typed = Static<typeof Body>;

const Query = exactly({ country: Text(2), postcode: Text(20) });

interface View {
  list: Area[];
  regions: Map<string, MarketRegion>;
  typed: Typed;
  fault?: AreaFault | undefined;
  asked: Static<typeof Query>;
  /** Where the address that was asked for counts. */
  found?: string | undefined;
}

const BLANK: Typed = { parent: '', code: '', name: '', by: 'postcodes', parts: '' };

/** The tree of regions: merchants see it, operations divides countries. */
export const regionsPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads } = deps;
  const read = async (): Promise<View> => {
    const [list, regions] = await Promise.all([areas(reads), marketRegions(reads)]);
    return { list, regions, typed: BLANK, asked: { country: '', postcode: '' } };
  };

  app.get('/desk/regions', page(CREDIT_READERS, { querystring: Query }), async ({ query }, reply) => {
    const view = await read();
    const { country, postcode } = query;
    const found = country ? await regionOfAddress(reads, country.toUpperCase(), postcode) : undefined;
    return reply.page((about) => <RegionsPage page={about} view={{ ...view, asked: query, found }} />);
  });

  app.post('/desk/regions', page(CREDIT_WRITERS, { body: Body }), async ({ body: typed }, reply) => {
    const view = await read();
    const fault = await addedOr(typed, view);
    if (!fault) return sendOn(reply, '/desk/regions', 'desk.regions.is_added');
    void reply.code(fault.status);
    return reply.page((about) => <RegionsPage page={about} view={{ ...view, typed, fault }} />);
  });

  async function addedOr(typed: Typed, { regions }: View): Promise<AreaFault | undefined> {
    const { parent: parentCode, by, parts } = typed;
    const [code, name] = [typed.code.trim(), typed.name.trim()];
    if (!regions.has(parentCode))
      return { status: 422, field: 'parent', text: t('desk.regions.fault.parent') };
    if (!name) return { status: 422, field: 'name', text: t('desk.regions.fault.name') };
    const plan = planOf(by, parts);
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

function RegionsPage({ page: about, view }: { page: Page; view: View }) {
  return (
    <DeskShell page={about} title={t('desk.regions')}>
      <header class="desk-head">
        <h1>{t('desk.regions')}</h1>
        <p class="soft">{t('desk.regions.lead')}</p>
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

function AddForm({ page: { format }, view: { typed, fault, regions } }: { page: Page; view: View }) {
  const errorAt = (field: AreaFault['field']) => (fault?.field === field ? fault.text : undefined);
  const parents = [...regions.values()]
    .filter(({ code }) => /^[A-Z]{2}/.test(code))
    .sort((a, b) => a.name.localeCompare(b.name, format.locale));
  return (
    <section class="admin-form" aria-labelledby="add">
      <h2 id="add">{t('desk.regions.add')}</h2>
      <p class="hint">{t('desk.regions.add.hint')}</p>
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
          error={errorAt('parts')}
          rows={6}
        />
        <div class="actions">
          <Button>{t('desk.regions.button')}</Button>
        </div>
      </form>
    </section>
  );
}
