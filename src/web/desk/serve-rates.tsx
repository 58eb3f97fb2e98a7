import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { businessDayAt } from '#modules/insight/index.ts';
import { type Location, locations } from '#modules/inventory/index.ts';
import {
  costToServe,
  partsOfReturn,
  type ServeRate,
  serveRates,
  setServeRate,
} from '#modules/market/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { storeName } from './credit-query.ts';
import { dayName } from './figures.tsx';
import { CREDIT_READERS, CREDIT_WRITERS } from './sections.ts';
import { blankRate, type RateErrors, RateBody, rateIn, type TypedRate } from './serve-rate-form.ts';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/serve-rates';

interface View {
  rates: ServeRate[];
  places: Location[];
  typed: TypedRate;
  errors: RateErrors;
  today: string;
}

/** What a shipment costs each location, from a day on: merchants see it, operations sets it. */
export const serveRatesPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  const today = () => businessDayAt(now(), config.timeZone);
  const show = async (reply: FastifyReply, typed: TypedRate, errors: RateErrors) => {
    const [rates, places] = await Promise.all([serveRates(reads), locations(reads)]);
    const view = { rates, places, typed, errors, today: today() };
    return reply.page((about) => <RatesPage page={about} view={view} />);
  };

  app.get(PATH, page(CREDIT_READERS), (_request, reply) =>
    show(reply, blankRate(config.currency, today()), {}),
  );

  app.post(PATH, page(CREDIT_WRITERS, { body: RateBody }), async ({ body }, reply) => {
    const { rate, errors } = rateIn(body, await locations(reads), today());
    if (errors) return show(reply.code(422), body, errors);
    await inTransaction(db, (tx) => setServeRate(tx, rate, now()));
    return sendOn(reply, PATH, 'desk.serve_rates.is_set');
  });
};

function RatesPage({ page: about, view }: { page: Page; view: View }) {
  return (
    <DeskShell page={about} title={t('desk.serve_rates')}>
      <header class="desk-head">
        <h1>{t('desk.serve_rates')}</h1>
        <p class="soft">{t('desk.serve_rates.lead')}</p>
      </header>
      {view.rates.length === 0 ? (
        <EmptyState title={t('desk.serve_rates.none.title')} text={t('desk.serve_rates.none.text')} />
      ) : (
        <Rates page={about} view={view} />
      )}
      {mayEnter(about.viewer, CREDIT_WRITERS) && <RateForm view={view} />}
    </DeskShell>
  );
}

/** Those in force and to come: what ended is of no use to who sets the next. */
const current = ({ rates, today }: View) =>
  rates.filter(
    (rate) =>
      !rates.some(
        (later) =>
          later.locationId === rate.locationId && later.startsOn > rate.startsOn && later.startsOn <= today,
      ),
  );

function Rates({ page: { format }, view }: { page: Page; view: View }) {
  const { places } = view;
  // A minute's work may cost less than the smallest coin.
  const minute = ({ minuteMinor, currency }: ServeRate) =>
    Number.isInteger(minuteMinor)
      ? format.money(minuteMinor, currency)
      : t('desk.serve_rates.minor', { amount: format.number(minuteMinor) });
  return (
    <Table
      caption={t('desk.serve_rates.table')}
      rows={current(view)}
      rowKey={({ locationId, startsOn }) => `${locationId} ${startsOn}`}
      columns={[
        { title: t('desk.serve_rates.place'), cell: ({ locationId }) => storeName(places, locationId) },
        {
          title: t('desk.serve_rates.from'),
          cell: ({ startsOn }) => dayName(format, startsOn),
        },
        {
          title: t('desk.serve_rates.minutes'),
          figures: true,
          cell: ({ minutesFixed, minutesPerLine }) =>
            t('desk.serve_rates.minutes_of', {
              fixed: format.number(minutesFixed),
              each: format.number(minutesPerLine),
            }),
        },
        { title: t('desk.serve_rates.minute'), figures: true, cell: minute },
        {
          title: t('desk.serve_rates.paper'),
          figures: true,
          cell: ({ labelMinor, packagingMinor, currency }) =>
            `${format.money(labelMinor, currency)} + ${format.money(packagingMinor, currency)}`,
        },
        {
          title: t('desk.serve_rates.example'),
          hint: t('desk.serve_rates.example.hint'),
          figures: true,
          cell: (rate) => format.money(costToServe(rate, { lines: 2, byParcel: true }), rate.currency),
        },
        {
          title: t('desk.serve_rates.handed_over'),
          hint: t('desk.serve_rates.handed_over.hint'),
          figures: true,
          cell: (rate) => format.money(costToServe(rate, { lines: 2, byParcel: false }), rate.currency),
        },
        {
          title: t('desk.serve_rates.return'),
          hint: t('desk.serve_rates.return.hint'),
          figures: true,
          cell: (rate) =>
            format.money(
              partsOfReturn(rate, { lines: 2, byParcel: true }).reduce(
                (sum, { amountMinor }) => sum + amountMinor,
                0,
              ),
              rate.currency,
            ),
        },
      ]}
    />
  );
}

function RateForm({ view: { places, typed, errors } }: { view: View }) {
  const figure = (name: Exclude<keyof TypedRate, 'location' | 'from' | 'currency'>) => (
    <Field
      name={name}
      label={t(`desk.serve_rates.form.${name}`)}
      value={typed[name]}
      error={errors[name]}
      required
      input={{ inputmode: 'decimal', autocomplete: 'off', maxlength: 20 }}
    />
  );
  return (
    <section class="admin-form panel" aria-labelledby="set">
      <h2 id="set">{t('desk.serve_rates.set')}</h2>
      <p class="hint">{t('desk.serve_rates.set.hint')}</p>
      <form method="post" action={`${PATH}#set`} class="form" novalidate>
        <div class="form-row">
          <Select
            name="location"
            label={t('desk.serve_rates.place')}
            value={typed.location}
            required
            error={errors.location}
            options={[
              { value: '', label: t('desk.serve_rates.choose') },
              ...places.map(({ code, name }) => ({ value: code, label: name })),
            ]}
          />
          <Field
            name="from"
            type="date"
            label={t('desk.serve_rates.from')}
            value={typed.from}
            required
            error={errors.from}
          />
          <Field
            name="currency"
            label={t('desk.filters.currency')}
            value={typed.currency}
            required
            error={errors.currency}
            input={{ maxlength: 3, autocomplete: 'off' }}
          />
        </div>
        <div class="form-row">
          {figure('fixed')}
          {figure('per_line')}
          {figure('minute')}
        </div>
        <div class="form-row">
          {figure('label')}
          {figure('packaging')}
        </div>
        <div class="form-row">
          {figure('return_fixed')}
          {figure('return_per_line')}
          {figure('return_label')}
        </div>
        <div class="actions">
          <Button>{t('desk.serve_rates.button')}</Button>
        </div>
      </form>
    </section>
  );
}
