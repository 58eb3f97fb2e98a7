import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { exportable, type ExportableLedger } from '#read/exports/catalogue.ts';
import { FORMATS } from '#read/exports/formats.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { type Page, page, Text } from '../page.ts';
import { dayBegins } from './audit-query.ts';
import { DeskShell } from './shell.tsx';

const Query = exactly({
  from: Text(10),
  to: Text(10),
  format: Type.Enum([...FORMATS], { default: 'csv' }),
});
type Query = Static<typeof Query>;

/** Every ledger as a file, of the days that are chosen. */
export const exportsPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { timeZone } = deps.config;
  app.get('/desk/exports', page('staff', { querystring: Query }), async ({ query, viewer }, reply) => {
    const ledgers = await exportable(deps, viewer);
    return reply.page((about) => (
      <ExportsPage page={about} ledgers={ledgers} query={query} timeZone={timeZone} />
    ));
  });
};

interface Props {
  page: Page;
  ledgers: ExportableLedger[];
  query: Query;
  timeZone: string;
}

function ExportsPage({ page: about, ledgers, query, timeZone }: Props) {
  const { format } = about;
  const countOf = ({ rows, isEstimate }: ExportableLedger) =>
    isEstimate ? t('desk.exports.about', { rows: format.number(rows) }) : format.number(rows);
  return (
    <DeskShell page={about} title={t('desk.exports')}>
      <header class="desk-head">
        <h1>{t('desk.exports')}</h1>
        <p class="soft">{t('desk.exports.lead')}</p>
      </header>
      <section class="filters" aria-label={t('desk.filters')}>
        <form action="/desk/exports" class="filter-row">
          <Field name="from" label={t('desk.filters.from')} type="date" value={query.from} />
          <Field name="to" label={t('desk.filters.to')} type="date" value={query.to} />
          <Select
            name="format"
            label={t('desk.exports.format')}
            value={query.format}
            options={FORMATS.map((value) => ({ value, label: t(`desk.exports.format.${value}`) }))}
          />
          <Button look="plain">{t('desk.exports.choose')}</Button>
        </form>
      </section>
      <div class="panel">
        <Table
          caption={t('desk.exports.caption')}
          rows={ledgers}
          rowKey={({ name }) => name}
          columns={[
            {
              title: t('desk.exports.ledger'),
              cell: (ledger) => (
                <a
                  href={fileAddress(ledger, query, timeZone)}
                  download
                  aria-label={t('desk.exports.download', { ledger: ledger.name })}
                >
                  {ledger.name}
                </a>
              ),
            },
            { title: t('desk.exports.what'), cell: ({ about: text }) => text },
            { title: t('desk.exports.rows'), figures: true, cell: countOf },
            {
              title: t('desk.exports.period'),
              cell: ({ isTimed, isOfMoment }) =>
                isOfMoment
                  ? t('desk.exports.period.end')
                  : isTimed
                    ? t('desk.exports.period.days')
                    : t('desk.exports.period.now'),
            },
          ]}
        />
      </div>
    </DeskShell>
  );
}

/** The days are the shop's own; the last of them is included. */
function fileAddress(
  { name, isTimed, isOfMoment }: ExportableLedger,
  { from, to, format }: Query,
  timeZone: string,
): string {
  const begins = isTimed ? dayBegins(from, timeZone) : undefined;
  const ends = dayBegins(to, timeZone, 1);
  const search = new URLSearchParams({
    ...(begins && { from: begins.toISOString() }),
    ...(ends && isTimed && { to: ends.toISOString() }),
    ...(ends && isOfMoment && { at: ends.toISOString() }),
  }).toString();
  return `/v1/exports/${name}.${format}${search && `?${search}`}`;
}
