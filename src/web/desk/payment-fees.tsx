import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { businessDayAt } from '#modules/insight/index.ts';
import { type FeeRate, feeRates, RATED_MEANS, setFeeRate } from '#modules/payments/index.ts';
import { isCurrency } from '#modules/pricing/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { parseDecimal } from '#platform/money.ts';
import { exactly } from '#platform/schema.ts';
import { Field, Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { dayName } from './figures.tsx';
import { RateForm, RatesPage, ratesFrom } from './rate-parts.tsx';
import { CREDIT_READERS, CREDIT_WRITERS } from './sections.ts';
import { isDay, minorIn } from './stock-shell.tsx';

const PATH = '/desk/payment-fees';
const FEE_MINOR_MAX = 100_000;
/** Half of what is taken, in millionths. */
const SHARE_MAX = 500_000n;
/** Of a percent: hundredths of it are basis points, and providers' rates have one digit more at times. */
const PERCENT_DECIMALS = 4;

const Body = exactly({
  means: Text(20),
  from: Text(10),
  currency: Text(3),
  percent: Text(10),
  fixed: Text(20),
  refund: Text(20),
});
type Typed = Static<typeof Body>;
type Errors = Partial<Record<keyof Typed, string>>;

interface View {
  rates: FeeRate[];
  typed: Typed;
  errors: Errors;
  today: string;
}

/** What means of payment cost whose providers do not say: merchants see it, operations sets it. */
export const paymentFeesPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  const today = () => businessDayAt(now(), config.timeZone);
  const show = async (reply: FastifyReply, typed: Typed, errors: Errors) => {
    const view = { rates: await feeRates(reads), typed, errors, today: today() };
    return reply.page((about) => <FeeRates page={about} view={view} />);
  };
  const blank = () => ({
    means: '',
    from: today(),
    currency: config.currency,
    percent: '',
    fixed: '',
    refund: '',
  });

  app.get(PATH, page(CREDIT_READERS), (_request, reply) => show(reply, blank(), {}));

  app.post(PATH, page(CREDIT_WRITERS, { body: Body }), async ({ body, viewer }, reply) => {
    const { rate, errors } = rateIn(body, today());
    if (errors) return show(reply.code(422), body, errors);
    await inTransaction(db, (tx) => setFeeRate(tx, actorOf(viewer), rate, now()));
    return sendOn(reply, PATH, 'desk.payment_fees.is_set');
  });
};

/** A rate as it was typed: a percentage, and money in the currency's own unit. */
function rateIn(
  typed: Typed,
  today: string,
): { rate: FeeRate; errors?: never } | { rate?: never; errors: Errors } {
  const errors: Errors = {};
  const currency = typed.currency.trim().toUpperCase();
  const knows = isCurrency(currency);
  if (!knows) errors.currency = say('desk.promotions.error.currency');
  const provider = RATED_MEANS.find((means) => means === typed.means);
  if (!provider) errors.means = say('desk.payment_fees.fault.means');
  // What was taken before is noted already.
  if (!isDay(typed.from) || typed.from < today) errors.from = say('desk.serve_rates.fault.day');
  const share = parseDecimal(typed.percent.trim().replace(',', '.'), PERCENT_DECIMALS);
  if (share === undefined || share < 0n || share > SHARE_MAX)
    errors.percent = say('desk.payment_fees.fault.percent');
  const money = (field: 'fixed' | 'refund'): number => {
    const text = typed[field].trim();
    const minor = text === '' || !knows ? 0 : minorIn(text, currency);
    if (minor === undefined || minor > FEE_MINOR_MAX) errors[field] = say('desk.serve_rates.fault.money');
    return minor ?? 0;
  };
  const [fixedMinor, refundMinor] = [money('fixed'), money('refund')];
  if (!provider || share === undefined || Object.keys(errors).length > 0) return { errors };
  const perMillion = Number(share);
  return { rate: { provider, currency, startsOn: typed.from, perMillion, fixedMinor, refundMinor } };
}

/** What is paid with, in words; a provider without a rate by its own name. */
export const meansName = (provider: string): string => {
  const means = RATED_MEANS.find((name) => name === provider);
  return means ? t(`desk.payment_fees.means.${means}`) : provider;
};

function FeeRates({ page: about, view }: { page: Page; view: View }) {
  return (
    <RatesPage
      page={about}
      title={t('desk.payment_fees')}
      lead={t('desk.payment_fees.lead')}
      none={{ title: t('desk.payment_fees.none.title'), text: t('desk.payment_fees.none.text') }}
      table={view.rates.length > 0 ? <Rates page={about} view={view} /> : undefined}
      form={
        <>
          <SetRate view={view} />
          <p>
            <a href={`${PATH}/corrections`}>{t('desk.payment_fees.correct')}</a>
          </p>
        </>
      }
    />
  );
}

function Rates({ page: { format }, view }: { page: Page; view: View }) {
  return (
    <Table
      caption={t('desk.payment_fees.table')}
      rows={ratesFrom(
        view.rates,
        view.today,
        (one, other) => one.provider === other.provider && one.currency === other.currency,
      )}
      rowKey={({ provider, currency, startsOn }) => `${provider} ${currency} ${startsOn}`}
      columns={[
        {
          title: t('desk.payment_fees.means'),
          cell: ({ provider }) => t(`desk.payment_fees.means.${provider}`),
        },
        { title: t('desk.serve_rates.from'), cell: ({ startsOn }) => dayName(format, startsOn) },
        {
          title: t('desk.payment_fees.share'),
          figures: true,
          cell: ({ perMillion }) =>
            t('desk.payment_fees.percent', { percent: format.number(perMillion / 10_000, 4) }),
        },
        {
          title: t('desk.payment_fees.fixed'),
          figures: true,
          cell: ({ fixedMinor, currency }) => format.money(fixedMinor, currency),
        },
        {
          title: t('desk.payment_fees.refund'),
          figures: true,
          cell: ({ refundMinor, currency }) => format.money(refundMinor, currency),
        },
      ]}
    />
  );
}

function SetRate({ view: { typed, errors } }: { view: View }) {
  const figure = (name: 'percent' | 'fixed' | 'refund') => (
    <Field
      name={name}
      label={t(`desk.payment_fees.form.${name}`)}
      value={typed[name]}
      error={errors[name]}
      required={name === 'percent'}
      input={{ inputmode: 'decimal', autocomplete: 'off', maxlength: 20 }}
    />
  );
  return (
    <RateForm
      action={PATH}
      hint={t('desk.payment_fees.set.hint')}
      typed={typed}
      errors={errors}
      subject={
        <Select
          name="means"
          label={t('desk.payment_fees.means')}
          value={typed.means}
          required
          error={errors.means}
          options={[
            { value: '', label: t('desk.payment_fees.choose') },
            ...RATED_MEANS.map((means) => ({ value: means, label: t(`desk.payment_fees.means.${means}`) })),
          ]}
        />
      }
    >
      <div class="form-row">
        {figure('percent')}
        {figure('fixed')}
        {figure('refund')}
      </div>
    </RateForm>
  );
}
