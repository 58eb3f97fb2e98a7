import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { businessDayAt } from '#modules/insight/index.ts';
import { isCurrency } from '#modules/pricing/index.ts';
import {
  CONTACT_MINUTES_MAX,
  type ContactRate,
  contactRates,
  costOfContact,
  MINUTE_MINOR_MAX,
  setContactRate,
} from '#modules/satisfaction/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { decimalsOf } from '#platform/money.ts';
import { exactly } from '#platform/schema.ts';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { dayName } from './figures.tsx';
import { RateFigure, RateForm, RatesPage, ratesFrom } from './rate-parts.tsx';
import { CREDIT_READERS, CREDIT_WRITERS } from './sections.ts';
import { MINUTE_DECIMALS, numberIn } from './serve-rate-form.ts';
import { isDay } from './stock-shell.tsx';

const PATH = '/desk/serve-rates/contacts';

const Body = exactly({ from: Text(10), currency: Text(3), minutes: Text(20), minute: Text(20) });
type Typed = Static<typeof Body>;
type Errors = Partial<Record<keyof Typed, string>>;

interface View {
  rates: ContactRate[];
  typed: Typed;
  errors: Errors;
  today: string;
}

/** What a contact with staff costs, from a day on: merchants see it, operations sets it. */
export const contactRatesPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  const today = () => businessDayAt(now(), config.timeZone);
  const show = async (reply: FastifyReply, typed: Typed, errors: Errors) => {
    const view = { rates: await contactRates(reads), typed, errors, today: today() };
    return reply.page((about) => <ContactRates page={about} view={view} />);
  };

  app.get(PATH, page(CREDIT_READERS), (_request, reply) =>
    show(reply, { from: today(), currency: config.currency, minutes: '', minute: '' }, {}),
  );

  app.post(PATH, page(CREDIT_WRITERS, { body: Body }), async ({ body, viewer }, reply) => {
    const { rate, errors } = rateIn(body, today());
    if (errors) return show(reply.code(422), body, errors);
    await inTransaction(db, (tx) => setContactRate(tx, actorOf(viewer), rate, now()));
    return sendOn(reply, PATH, 'desk.serve_rates.is_set');
  });
};

/** A rate as it was typed: minutes with decimals, money in the currency's own unit. */
function rateIn(
  typed: Typed,
  today: string,
): { rate: ContactRate; errors?: never } | { rate?: never; errors: Errors } {
  const errors: Errors = {};
  const currency = typed.currency.trim().toUpperCase();
  const knows = isCurrency(currency);
  if (!knows) errors.currency = say('desk.promotions.error.currency');
  // What was noted before has its cost already.
  if (!isDay(typed.from) || typed.from < today) errors.from = say('desk.serve_rates.fault.day');
  const minutes = numberIn(typed.minutes, CONTACT_MINUTES_MAX);
  if (minutes === undefined) errors.minutes = say('desk.serve_rates.fault.minutes');
  const minute = numberIn(typed.minute, MINUTE_MINOR_MAX);
  const minuteMinor =
    minute === undefined || !knows
      ? undefined
      : Number((minute * 10 ** decimalsOf(currency)).toFixed(MINUTE_DECIMALS));
  if (minute === undefined || (minuteMinor ?? 0) > MINUTE_MINOR_MAX)
    errors.minute = say('desk.serve_rates.fault.money');
  if (minutes === undefined || minuteMinor === undefined || Object.keys(errors).length > 0) return { errors };
  return { rate: { startsOn: typed.from, currency, minutes, minuteMinor } };
}

function ContactRates({ page: about, view }: { page: Page; view: View }) {
  return (
    <RatesPage
      page={about}
      title={t('desk.contact_rates')}
      lead={t('desk.contact_rates.lead')}
      none={{ title: t('desk.contact_rates.none.title'), text: t('desk.contact_rates.none.text') }}
      table={view.rates.length > 0 ? <Rates page={about} view={view} /> : undefined}
      form={<SetRate view={view} />}
    />
  );
}

function Rates({ page: { format }, view }: { page: Page; view: View }) {
  return (
    <Table
      caption={t('desk.serve_rates.table')}
      rows={ratesFrom(view.rates, view.today, () => true)}
      rowKey={({ startsOn }) => startsOn}
      columns={[
        { title: t('desk.serve_rates.from'), cell: ({ startsOn }) => dayName(format, startsOn) },
        {
          title: t('desk.serve_rates.minutes'),
          figures: true,
          cell: ({ minutes }) => format.number(minutes),
        },
        {
          title: t('desk.contact_rates.costs'),
          figures: true,
          cell: (rate) => format.money(costOfContact(rate), rate.currency),
        },
      ]}
    />
  );
}

function SetRate({ view: { typed, errors } }: { view: View }) {
  const figure = (name: 'minutes' | 'minute', label: string) => (
    <RateFigure name={name} label={label} value={typed[name]} error={errors[name]} />
  );
  return (
    <RateForm
      action={PATH}
      hint={t('desk.contact_rates.hint')}
      typed={typed}
      errors={errors}
      subject={figure('minutes', t('desk.contact_rates.minutes'))}
    >
      {figure('minute', t('desk.serve_rates.form.minute'))}
    </RateForm>
  );
}
