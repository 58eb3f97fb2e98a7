import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  businessDayAt,
  type Cohort,
  freshness,
  monthAfter,
  retention,
  type RetentionAnswer,
} from '#modules/insight/index.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { type MarketRegion, marketRegions } from '#read/market-regions.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Select } from '../components/Field.tsx';
import { type Column, Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { momentName } from './figures.tsx';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/retention';
const SPANS = ['6', '12', '24'] as const;
const Query = exactly({
  months: Type.Enum([...SPANS], { default: '12' }),
  region: Type.String({ maxLength: 60, default: '' }),
});

interface View {
  answer: RetentionAnswer;
  regions: readonly MarketRegion[];
  region: string;
  months: (typeof SPANS)[number];
  asOf: Date;
  timeZone: string;
}

/** Whether those who bought come back: a row for each month's new customers, a column for each month since. */
export const retentionPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, clickhouse, config, now } = deps;
  app.get(PATH, page('staff', { querystring: Query }), async ({ query: { months, region } }, reply) => {
    const { timeZone } = config;
    const { asOf } = await freshness(db);
    const running = businessDayAt(now(), timeZone).slice(0, 7);
    const period = { from: monthAfter(running, 1 - Number(months)), to: running };
    const [answer, regions] = await Promise.all([
      retention(clickhouse, { ...period, region }, { now: now(), timeZone }),
      marketRegions(reads),
    ]);
    const countries = [...regions.values()].filter(({ code }) => !code.includes('-'));
    const view: View = { answer, regions: countries, region, months, asOf, timeZone };
    return reply.page((about) => <RetentionPage page={about} view={view} />);
  });
};

function RetentionPage({ page: about, view }: { page: Page; view: View }) {
  const { answer, regions, region, months, asOf, timeZone } = view;
  const { format } = about;
  const named = [...regions].sort((a, b) => a.name.localeCompare(b.name, format.locale));
  return (
    <DeskShell page={about} title={t('desk.retention')}>
      <header class="desk-head">
        <h1>{t('desk.retention')}</h1>
        <p class="soft">{t('desk.retention.lead')}</p>
      </header>
      <section class="filters" aria-label={t('desk.filters')}>
        <form action={PATH} class="filter-row">
          <Select
            name="region"
            label={t('desk.retention.region')}
            value={region}
            options={[
              { value: '', label: t('desk.retention.everywhere') },
              ...named.map(({ code, name }) => ({ value: code, label: name })),
            ]}
          />
          <Select
            name="months"
            label={t('desk.retention.months')}
            value={months}
            options={SPANS.map((value) => ({
              value,
              label: t('desk.retention.last', { count: Number(value) }),
            }))}
          />
          <Button look="plain">{t('desk.filters.show')}</Button>
        </form>
      </section>
      {answer.cohorts.every(({ size }) => !size) ? (
        <EmptyState title={t('desk.retention.none.title')} text={t('desk.retention.none.text')} />
      ) : (
        <Cohorts answer={answer} format={format} />
      )}
      <p class="as-of">{t('desk.as_of', { time: momentName(format, asOf, timeZone, {}) })}</p>
    </DeskShell>
  );
}

function Cohorts({ answer: { cohorts, months }, format }: { answer: RetentionAnswer; format: Format }) {
  const monthName = (month: string) =>
    new Intl.DateTimeFormat(format.locale, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
      new Date(`${month}-01T00:00:00Z`),
    );
  // The first month is everybody's: it says nothing.
  const later = months.map((_, after) => after).slice(1);
  const shown = later.filter((after) => cohorts.some(({ buyers }) => typeof buyers[after] === 'number'));
  const columns: Column<Cohort>[] = [
    {
      title: t('desk.retention.cohort'),
      cell: ({ month }) => monthName(month),
      total: t('desk.retention.all'),
    },
    {
      title: t('desk.retention.size'),
      figures: true,
      cell: ({ size }) => format.number(size ?? 0),
      total: format.number(cohorts.reduce((sum, { size }) => sum + (size ?? 0), 0)),
    },
    ...shown.map((after): Column<Cohort> => {
      const whole = months[after];
      return {
        title: t('desk.retention.after', { count: after }),
        figures: true,
        cell: ({ size, buyers }) => <Share buyers={buyers[after] ?? null} of={size ?? 0} format={format} />,
        total: (
          <Share
            buyers={whole?.share === null ? null : (whole?.buyers ?? null)}
            of={whole?.of ?? 0}
            format={format}
          />
        ),
      };
    }),
  ];
  return (
    <Table
      caption={t('desk.retention')}
      rows={cohorts.filter(({ size }) => size)}
      rowKey={({ month }) => month}
      columns={columns}
    />
  );
}

/** A share with its tone; nothing where the month is not over. */
function Share({ buyers, of, format }: { buyers: number | null; of: number; format: Format }) {
  if (buyers === null || of === 0) return <span class="soft">{t('desk.retention.not_over')}</span>;
  const share = buyers / of;
  return (
    <span
      class="retention-share"
      style={`--share:${share.toFixed(3)}`}
      title={t('desk.retention.of', { buyers: format.number(buyers), size: format.number(of) })}
    >
      {format.percent(share)}
    </span>
  );
}
