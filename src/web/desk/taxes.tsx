import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import {
  currenciesWithoutTax,
  type DatedRate,
  isCurrency,
  putTaxRate,
  showTax,
  taxRates,
  isPlaceCode,
} from '#modules/pricing/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { momentName } from './figures.tsx';
import { momentIn } from './local-moment.ts';
import { DeskShell } from './shell.tsx';
import { percentIn } from './typed.ts';

const WRITERS = 'staff:merchant';
const DECIMALS = 3;
const RateBody = exactly({
  place: Text(80),
  category: Text(60),
  name: Text(60),
  rate: Text(20),
  from: Text(30),
});
const DisplayBody = exactly({ currency: Text(10), how: Type.Enum(['included', 'added']) });
type Typed = Static<typeof RateBody>;
type Errors = Partial<Record<keyof Typed | 'currency', string>>;

const BLANK: Typed = { place: '', category: 'standard', name: 'VAT', rate: '', from: '' };

/** Taxes: all staff see the rates, merchants set them from a moment to come. */
export const taxesPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now, config } = deps;
  const show = async (reply: FastifyReply, typed: Typed, errors: Errors) => {
    const view = { rates: await taxRates(db), added: await currenciesWithoutTax(db), typed, errors };
    return reply.page((about) => <TaxesView page={about} timeZone={config.timeZone} {...view} />);
  };
  app.get('/desk/taxes', page('staff'), (_request, reply) => show(reply, BLANK, {}));

  app.post('/desk/taxes', page(WRITERS, { body: RateBody }), async ({ body }, reply) => {
    const { rate, errors } = rateOf(body, config.timeZone, now());
    if (errors) return show(reply.code(422), body, errors);
    await inTransaction(db, (tx) => putTaxRate(tx, rate, now()));
    return sendOn(reply, '/desk/taxes', 'desk.taxes.saved');
  });

  app.post('/desk/taxes/display', page(WRITERS, { body: DisplayBody }), async ({ body }, reply) => {
    const currency = body.currency.trim().toUpperCase();
    if (!isCurrency(currency)) {
      return show(reply.code(422), BLANK, { currency: say('desk.promotions.error.currency') });
    }
    await inTransaction(db, (tx) => showTax(tx, currency, body.how === 'included'));
    return sendOn(reply, '/desk/taxes', 'desk.taxes.display.saved');
  });
};

function rateOf(
  typed: Typed,
  timeZone: string,
  now: Date,
): { rate: DatedRate; errors?: never } | { rate?: never; errors: Errors } {
  const errors: Errors = {};
  const place = typed.place.trim();
  const category = typed.category.trim();
  const name = typed.name.trim();
  const percent = percentIn(typed.rate, DECIMALS);
  const holdsFrom = momentIn(typed.from, timeZone);
  if (!isPlaceCode(place)) errors.place = say('desk.taxes.error.place');
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(category)) errors.category = say('desk.promotions.error.word');
  if (name === '' || name.length > 40) errors.name = say('desk.promotions.error.name');
  if (percent === undefined) errors.rate = say('desk.taxes.error.rate');
  if (!holdsFrom || holdsFrom <= now) errors.from = say('desk.taxes.error.from');
  if (percent === undefined || !holdsFrom || Object.keys(errors).length > 0) return { errors };
  return { rate: { place, category, name, rate: percent / (100 * 10 ** DECIMALS), holdsFrom } };
}

interface Props {
  page: Page;
  timeZone: string;
  rates: readonly DatedRate[];
  added: readonly string[];
  typed: Typed;
  errors: Errors;
}

function TaxesView(props: Props) {
  const { page: about, timeZone, rates } = props;
  const { format } = about;
  return (
    <DeskShell page={about} title={t('desk.taxes')}>
      <header class="desk-head">
        <h1>{t('desk.taxes')}</h1>
        <p class="soft">{t('desk.taxes.lead')}</p>
      </header>
      <section class="panel" aria-labelledby="rates">
        <h2 id="rates">{t('desk.taxes.rates')}</h2>
        <Table
          caption={t('desk.taxes.rates')}
          rows={rates}
          rowKey={({ place, category, holdsFrom }) => `${place} ${category} ${holdsFrom.getTime()}`}
          columns={[
            { title: t('desk.taxes.place'), cell: ({ place }) => place },
            { title: t('desk.taxes.category'), cell: ({ category }) => category },
            { title: t('desk.taxes.name'), cell: ({ name }) => name },
            {
              title: t('desk.taxes.rate'),
              figures: true,
              cell: ({ rate }) => format.number(Math.round(rate * 100_000) / 1000),
            },
            {
              title: t('desk.taxes.from'),
              cell: ({ holdsFrom }) => momentName(format, holdsFrom, timeZone, { year: 'numeric' }),
            },
          ]}
        />
      </section>
      {mayEnter(about.viewer, WRITERS) && <RateForm {...props} />}
      <Display {...props} />
    </DeskShell>
  );
}

function RateForm({ typed, errors }: Props) {
  const entry = (name: keyof Typed, label: string, hint?: string) => (
    <Field
      name={name}
      type={name === 'from' ? 'datetime-local' : 'text'}
      label={label}
      hint={hint}
      value={typed[name]}
      error={errors[name]}
      required
      input={{ autocomplete: 'off' }}
    />
  );
  return (
    <form method="post" action="/desk/taxes#set" id="set" class="form rules panel" novalidate>
      <fieldset>
        <legend>{t('desk.taxes.set')}</legend>
        {entry('place', t('desk.taxes.place'))}
        {entry('category', t('desk.taxes.category'), t('desk.taxes.category.hint'))}
        {entry('name', t('desk.taxes.name'))}
        {entry('rate', t('desk.taxes.rate'))}
        {entry('from', t('desk.taxes.from'))}
        <div class="actions">
          <Button>{t('desk.taxes.set')}</Button>
        </div>
      </fieldset>
    </form>
  );
}

function Display({ page: about, added, errors }: Props) {
  return (
    <section class="panel" aria-labelledby="display">
      <h2 id="display">{t('desk.taxes.display')}</h2>
      <p>
        {added.length === 0
          ? t('desk.taxes.display.none')
          : t('desk.taxes.display.some', { currencies: added.join(', ') })}
      </p>
      {mayEnter(about.viewer, WRITERS) && (
        <form method="post" action="/desk/taxes/display#display" class="form" novalidate>
          <div class="form-row">
            <Field
              name="currency"
              label={t('desk.promotions.currency')}
              error={errors.currency}
              required
              input={{ autocomplete: 'off', maxlength: 3 }}
            />
            <Select
              name="how"
              label={t('desk.taxes.display.how')}
              required
              options={(['included', 'added'] as const).map((value) => ({
                value,
                label: t(`desk.taxes.display.${value}`),
              }))}
            />
          </div>
          <div class="actions">
            <Button look="plain">{t('desk.promotions.save')}</Button>
          </div>
        </form>
      )}
    </section>
  );
}
