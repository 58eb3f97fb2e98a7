import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { namesOf } from '#modules/identity/index.ts';
import { freshness, ledgerParts, salesBy } from '#modules/insight/index.ts';
import { type Location, locations } from '#modules/inventory/index.ts';
import {
  type CreditPeriod,
  creditFreshness,
  creditSums,
  type CreditSums,
  type LocationCredits,
} from '#modules/market/index.ts';
import { csvOf, decimalText } from '#platform/csv.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Icon } from '../components/Icon.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { creditPeriodOf, PERIOD, periodSearch, storeName } from './credit-query.ts';
import { CREDIT_READERS } from './sections.ts';
import { DeskShell } from './shell.tsx';

interface View {
  period: CreditPeriod;
  sums: CreditSums;
  netMinor: number;
  isBehind: boolean;
  places: Location[];
  names: Map<string, string>;
  currencies: string[];
}

/** Whose the sales of a period are, beside the net sales that they must add up to. */
export const creditsPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const parts = { querystring: exactly(PERIOD) };
  app.get('/desk/credits', page(CREDIT_READERS, parts), async ({ query }, reply) => {
    const view = await read(deps, await creditPeriodOf(query, deps));
    return reply.page((about) => <CreditsPage page={about} view={view} />);
  });

  app.get('/desk/credits.csv', page(CREDIT_READERS, parts), async ({ query }, reply) => {
    const period = await creditPeriodOf(query, deps);
    const [sums, places] = await Promise.all([creditSums(deps.reads, period), locations(deps.reads)]);
    const people = sums.associates.map(({ associateId }) => `member:${associateId}`);
    const names = await namesOf(deps.reads, people);
    const { from, to, currency } = period;
    const name = `credits-${currency}-${from}-${to}.csv`;
    reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`);
    return creditsCsv(sums, places, names, currency);
  });
};

async function read(deps: Deps, period: CreditPeriod): Promise<View> {
  const { reads, clickhouse, config, now } = deps;
  // Read first: what was committed later may be in one of the two sums and not in the other.
  const [credited, counted] = await Promise.all([creditFreshness(reads), freshness(reads)]);
  const question = { ...period, by: 'none', metrics: ['net_sales'] } as const;
  const [sums, sales, places, ledger] = await Promise.all([
    creditSums(reads, period),
    salesBy(clickhouse, question, { now: now(), timeZone: config.timeZone }),
    locations(reads),
    ledgerParts(clickhouse),
  ]);
  const people = sums.associates.map(({ associateId }) => `member:${associateId}`);
  return {
    period,
    sums,
    netMinor: sales.total.figures.net_sales?.value ?? 0,
    isBehind: credited.isBehind || counted.behind,
    places,
    names: await namesOf(reads, people),
    currencies: [...new Set([period.currency, ...ledger.map(({ currency }) => currency)])],
  };
}

function creditsCsv(
  { locations: rows, associates, unassignedMinor, regionalMinor }: CreditSums,
  places: Location[],
  names: ReadonlyMap<string, string>,
  currency: string,
) {
  const money = (value: number) => decimalText(value, currency);
  const head = [
    t('desk.credits.store'),
    `${t('desk.credits.regional')} (${currency})`,
    `${t('desk.credits.fulfilment')} (${currency})`,
    `${t('desk.credits.associate')} (${currency})`,
  ];
  return csvOf([
    head,
    ...rows.map(({ locationId, regionalMinor: regional, fulfilmentMinor }) => [
      storeName(places, locationId),
      money(regional),
      money(fulfilmentMinor),
      '',
    ]),
    [t('desk.credits.unassigned'), money(unassignedMinor), '', ''],
    [t('desk.credits.total'), money(regionalMinor), '', ''],
    ...associates.map(({ associateId, amountMinor }) => [
      associateName(names, associateId),
      '',
      '',
      money(amountMinor),
    ]),
  ]);
}

/** Who was erased has a number left. */
const associateName = (names: ReadonlyMap<string, string>, id: string): string =>
  names.get(`member:${id}`) ?? id.slice(0, 8);

function CreditsPage({ page: about, view }: { page: Page; view: View }) {
  const { period, sums, isBehind } = view;
  const isEmpty = sums.locations.length === 0 && sums.regionalMinor === 0;
  return (
    <DeskShell page={about} title={t('desk.credits')}>
      <header class="desk-head">
        <h1>{t('desk.credits')}</h1>
        <p class="soft">{t('desk.credits.lead')}</p>
      </header>
      <section class="filters" aria-label={t('desk.filters')}>
        <form action="/desk/credits" class="filter-row">
          <Field name="from" label={t('desk.filters.from')} type="date" value={period.from} />
          <Field name="to" label={t('desk.filters.to')} type="date" value={period.to} />
          <Select
            name="currency"
            label={t('desk.filters.currency')}
            value={period.currency}
            options={view.currencies.map((code) => ({ value: code, label: code }))}
          />
          <Button look="plain">{t('desk.filters.show')}</Button>
        </form>
      </section>
      {isBehind && <Notice kind="info">{t('desk.credits.behind')}</Notice>}
      {isEmpty ? (
        <EmptyState title={t('desk.credits.none.title')} text={t('desk.credits.none.text')} />
      ) : (
        <Stores page={about} view={view} />
      )}
      {sums.associates.length > 0 && <Associates page={about} view={view} />}
    </DeskShell>
  );
}

function Stores({ page: { format }, view }: { page: Page; view: View }) {
  const { period, sums, places } = view;
  const money = (value: number) => format.money(value, period.currency);
  const linked = (value: number, more: Record<string, string>) => (
    <a href={`/desk/credits/lines?${periodSearch(period, more)}`}>{money(value)}</a>
  );
  const unassigned = { locationId: null, regionalMinor: sums.unassignedMinor, fulfilmentMinor: 0 };
  const rows: (Omit<LocationCredits, 'locationId'> & { locationId: string | null })[] = [
    ...sums.locations,
    unassigned,
  ];
  return (
    <section class="panel" aria-labelledby="stores">
      <div class="panel-head">
        <h2 id="stores">{t('desk.credits.title')}</h2>
        <a class="export" href={`/desk/credits.csv?${periodSearch(period)}`} download>
          {t('desk.export')}
        </a>
      </div>
      <Table
        caption={t('desk.credits.title')}
        rows={rows}
        rowKey={({ locationId }) => locationId ?? ''}
        columns={[
          {
            title: t('desk.credits.store'),
            cell: ({ locationId }) => storeName(places, locationId),
            total: t('desk.credits.total'),
          },
          {
            title: t('desk.credits.regional'),
            hint: t('desk.credits.regional.hint'),
            figures: true,
            cell: ({ locationId, regionalMinor }) =>
              linked(regionalMinor, { kind: 'regional', location: locationId ?? '' }),
            total: money(sums.regionalMinor),
          },
          {
            title: t('desk.credits.fulfilment'),
            hint: t('desk.credits.fulfilment.hint'),
            figures: true,
            cell: ({ locationId, fulfilmentMinor }) =>
              locationId === null
                ? ''
                : linked(fulfilmentMinor, { kind: 'fulfilment', location: locationId }),
          },
        ]}
      />
      <Check sums={sums} netMinor={view.netMinor} money={money} />
    </section>
  );
}

interface CheckProps {
  sums: CreditSums;
  netMinor: number;
  money: (value: number) => string;
}

/** The two sums come from two ledgers, each by a follower of its own: that they are equal is worth saying. */
function Check({ sums: { regionalMinor, unassignedMinor }, netMinor, money }: CheckProps) {
  const difference = netMinor - regionalMinor;
  const rows: [string, number][] = [
    [t('desk.credits.check.stores'), regionalMinor - unassignedMinor],
    [t('desk.credits.unassigned'), unassignedMinor],
    [t('desk.credits.total'), regionalMinor],
    [t('desk.credits.net'), netMinor],
    [t('desk.credits.check.difference'), difference],
  ];
  return (
    <>
      <h3>{t('desk.credits.check')}</h3>
      <dl class="order-sums credits-check">
        {rows.map(([name, minor]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="figures">{money(minor)}</dd>
          </div>
        ))}
      </dl>
      {difference === 0 ? (
        <p class="credits-equal">
          <Icon name="check" /> {t('desk.credits.equal', { amount: money(netMinor) })}
        </p>
      ) : (
        <Notice kind="error">
          {t('desk.credits.differs', { net: money(netMinor), difference: money(Math.abs(difference)) })}
        </Notice>
      )}
    </>
  );
}

function Associates({ page: { format }, view }: { page: Page; view: View }) {
  const { sums, names, period } = view;
  return (
    <section class="panel" aria-labelledby="associates">
      <h2 id="associates">{t('desk.credits.associates')}</h2>
      <p class="soft">{t('desk.credits.associates.text')}</p>
      <Table
        caption={t('desk.credits.associates')}
        rows={sums.associates}
        rowKey={({ associateId }) => associateId}
        columns={[
          {
            title: t('desk.credits.who'),
            cell: ({ associateId }) => associateName(names, associateId),
          },
          {
            title: t('desk.credits.associate'),
            figures: true,
            cell: ({ amountMinor }) => format.money(amountMinor, period.currency),
          },
        ]}
      />
    </section>
  );
}
