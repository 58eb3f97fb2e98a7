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
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { storeName } from './credit-query.ts';
import { dayName } from './figures.tsx';
import { RateFigure, RateForm, RatesPage, ratesFrom } from './rate-parts.tsx';
import { CREDIT_READERS, CREDIT_WRITERS } from './sections.ts';
import { blankRate, type RateErrors, RateBody, rateIn, type TypedRate } from './serve-rate-form.ts';

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
    return reply.page((about) => <ServeRates page={about} view={view} />);
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

function ServeRates({ page: about, view }: { page: Page; view: View }) {
  return (
    <RatesPage
      page={about}
      title={t('desk.serve_rates')}
      lead={t('desk.serve_rates.lead')}
      none={{ title: t('desk.serve_rates.none.title'), text: t('desk.serve_rates.none.text') }}
      table={view.rates.length > 0 ? <Rates page={about} view={view} /> : undefined}
      form={
        <>
          <SetRate view={view} />
          <p>
            <a href="/desk/serve-rates/contacts">{t('desk.contact_rates.open')}</a>
          </p>
        </>
      }
    />
  );
}

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
      rows={ratesFrom(view.rates, view.today, (one, other) => one.locationId === other.locationId)}
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

function SetRate({ view: { places, typed, errors } }: { view: View }) {
  const figure = (name: Exclude<keyof TypedRate, 'location' | 'from' | 'currency'>) => (
    <RateFigure
      name={name}
      label={t(`desk.serve_rates.form.${name}`)}
      value={typed[name]}
      error={errors[name]}
    />
  );
  return (
    <RateForm
      action={PATH}
      hint={t('desk.serve_rates.set.hint')}
      typed={typed}
      errors={errors}
      subject={
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
      }
    >
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
    </RateForm>
  );
}
