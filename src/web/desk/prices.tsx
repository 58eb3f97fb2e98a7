import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import {
  type PriceList,
  priceLists,
  sellIn,
  type SoldCurrencies,
  soldCurrencies,
  stopSellingIn,
} from '#modules/catalog/index.ts';
import { actorOf } from '#modules/identity/index.ts';
import type { Access } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { type Page, page, sendOn } from '../page.ts';
import { momentName } from './figures.tsx';
import {
  CurrencyBody,
  type CurrencyErrors,
  currencyErrorsOf,
  Plain,
  soldOf,
  type TypedCurrency,
} from './price-form.ts';
import { DeskShell } from './shell.tsx';

/** Who may see price lists and set prices: as the API's routes say. */
export const PRICE_WRITERS = 'staff:merchant' satisfies Access;
export const PRICES = '/desk/prices';

const BLANK: TypedCurrency = { currency: '', countries: '' };

interface View {
  sold: SoldCurrencies;
  lists: PriceList[];
  typed: TypedCurrency;
  errors: CurrencyErrors;
  timeZone: string;
  now: Date;
}

/** What the shop sells in, and its price lists. */
export const pricesPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now, config }) => {
  const show = async (reply: FastifyReply, typed: TypedCurrency, errors: CurrencyErrors) => {
    // What was written a moment ago is to be seen: not from a replica.
    const [sold, lists] = await Promise.all([soldCurrencies(db), priceLists(db)]);
    const view = { sold, lists, typed, errors, timeZone: config.timeZone, now: now() };
    return reply.page((about) => <PricesPage page={about} view={view} />);
  };
  app.get(PRICES, page(PRICE_WRITERS), (_request, reply) => show(reply, BLANK, {}));

  app.post(
    `${PRICES}/currencies`,
    page(PRICE_WRITERS, { body: CurrencyBody }),
    async ({ body, viewer }, reply) => {
      const { own } = await soldCurrencies(db);
      const { currency, countryCodes, errors } = soldOf(body, own);
      if (Object.keys(errors).length > 0) return show(reply.code(422), body, errors);
      try {
        await inTransaction(db, (tx) => sellIn(tx, actorOf(viewer), { currency, countryCodes }));
      } catch (error) {
        const told = currencyErrorsOf(error);
        if (!told) throw error;
        return show(reply.code(409), body, told);
      }
      return sendOn(reply, PRICES, 'desk.prices.currency.saved');
    },
  );

  app.post(
    `${PRICES}/currencies/end`,
    page(PRICE_WRITERS, { body: exactly({ currency: Plain(3) }) }),
    async ({ body: { currency }, viewer }, reply) => {
      await inTransaction(db, (tx) => stopSellingIn(tx, actorOf(viewer), currency));
      return sendOn(reply, PRICES, 'desk.prices.currency.ended');
    },
  );
};

function PricesPage({ page: about, view }: { page: Page; view: View }) {
  return (
    <DeskShell page={about} title={t('desk.prices')}>
      <header class="desk-head">
        <h1>{t('desk.prices')}</h1>
        <p class="soft">{t('desk.prices.lead')}</p>
      </header>
      <Currencies view={view} />
      <section class="panel" aria-labelledby="lists">
        <h2 id="lists">{t('desk.prices.lists')}</h2>
        <p class="desk-acts">
          <ButtonLink href={`${PRICES}/new`}>{t('desk.prices.list.new')}</ButtonLink>
        </p>
        {view.lists.length === 0 ? (
          <EmptyState title={t('desk.prices.lists.none.title')} text={t('desk.prices.lists.none.text')} />
        ) : (
          <Lists page={about} view={view} />
        )}
      </section>
    </DeskShell>
  );
}

function Currencies({ view: { sold, typed, errors } }: { view: View }) {
  // What was wrong with a currency that is sold already stands above the table: its field is in a row.
  const isRow = sold.others.some(({ currency }) => currency === typed.currency.trim().toUpperCase());
  return (
    <section class="panel" id="currencies" aria-labelledby="currencies-title">
      <h2 id="currencies-title">{t('desk.prices.currencies')}</h2>
      <p>{t('desk.prices.currencies.own', { currency: sold.own })}</p>
      {isRow && errors.countries && <Notice kind="error">{errors.countries}</Notice>}
      {sold.others.length > 0 && <CurrencyRows sold={sold} />}
      <form method="post" action={`${PRICES}/currencies#currencies`} class="form" novalidate>
        <div class="form-row">
          <Field
            name="currency"
            label={t('desk.prices.currency')}
            hint={t('desk.prices.currency.hint')}
            value={isRow ? '' : typed.currency}
            error={errors.currency}
            required
            input={{ autocomplete: 'off', maxlength: 3 }}
          />
          <Field
            name="countries"
            label={t('desk.prices.countries')}
            hint={t('desk.prices.countries.hint')}
            value={isRow ? '' : typed.countries}
            error={isRow ? undefined : errors.countries}
            required={false}
            input={{ autocomplete: 'off' }}
          />
        </div>
        <div class="actions">
          <Button look="plain">{t('desk.prices.currency.add')}</Button>
        </div>
      </form>
    </section>
  );
}

function CurrencyRows({ sold }: { sold: SoldCurrencies }) {
  return (
    <div class="price-rows">
      <Table
        caption={t('desk.prices.currencies')}
        rows={sold.others}
        rowKey={({ currency }) => currency}
        cards
        columns={[
          { title: t('desk.prices.currency'), cell: ({ currency }) => currency },
          {
            title: t('desk.prices.countries'),
            cell: ({ currency, countryCodes }) => (
              <form method="post" action={`${PRICES}/currencies#currencies`}>
                <input type="hidden" name="currency" value={currency} />
                <input
                  name="countries"
                  value={countryCodes.join(', ')}
                  aria-label={t('desk.prices.countries.of', { currency })}
                  autocomplete="off"
                />
                <Button look="plain" aria-label={t('desk.prices.currency.save.of', { currency })}>
                  {t('desk.prices.currency.change')}
                </Button>
              </form>
            ),
          },
          {
            title: t('desk.prices.currency.end'),
            cell: ({ currency }) => (
              <form method="post" action={`${PRICES}/currencies/end`}>
                <input type="hidden" name="currency" value={currency} />
                <Button look="danger" aria-label={t('desk.prices.currency.end.of', { currency })}>
                  {t('desk.prices.currency.end')}
                </Button>
              </form>
            ),
          },
        ]}
      />
    </div>
  );
}

export function stateOf({ validFrom, validTo }: PriceList, now: Date): 'coming' | 'on' | 'ended' {
  if (validTo !== null && validTo <= now) return 'ended';
  return validFrom > now ? 'coming' : 'on';
}

function Lists({ page: { format }, view: { lists, timeZone, now } }: { page: Page; view: View }) {
  const moment = (at: Date | null) =>
    at === null ? '' : momentName(format, at, timeZone, { year: 'numeric' });
  return (
    <Table
      caption={t('desk.prices.lists')}
      rows={lists}
      rowKey={({ id }) => id}
      cards
      columns={[
        {
          title: t('desk.prices.list.name'),
          cell: ({ id, name }) => <a href={`${PRICES}/${id}`}>{name}</a>,
        },
        { title: t('desk.prices.currency'), cell: ({ currency }) => currency },
        { title: t('desk.prices.list.market'), cell: ({ marketCode }) => marketCode },
        {
          title: t('desk.prices.list.priority'),
          figures: true,
          cell: ({ priority }) => format.number(priority),
        },
        { title: t('desk.prices.list.from'), cell: ({ validFrom }) => moment(validFrom) },
        { title: t('desk.prices.list.to'), cell: ({ validTo }) => moment(validTo) },
        {
          title: t('desk.prices.list.state'),
          cell: (list) => t(`desk.prices.list.state.${stateOf(list, now)}`),
        },
        {
          title: t('desk.prices.list.count'),
          figures: true,
          cell: ({ priceCount }) => format.number(priceCount),
        },
      ]}
    />
  );
}
