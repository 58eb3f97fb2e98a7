import type { ListedPrice, PriceList } from '#modules/catalog/index.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { type Column, Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { decimalText } from '#platform/csv.ts';
import type { ListErrors, TypedList } from './price-form.ts';
import { PRICES } from './prices.tsx';
import { DeskShell } from './shell.tsx';
import { addressOf } from './stock-query.ts';

/** A price as it was typed, with what was looked for when it was. */
interface TypedPrice {
  sku: string;
  amount: string;
  before: string;
  q: string;
  after?: string;
}

export interface ListView {
  list: PriceList;
  typed: TypedList;
  errors: ListErrors;
  prices: ListedPrice[];
  query: Pick<TypedPrice, 'q' | 'after'>;
  next: string | undefined;
  canEnd: boolean;
  /** The region of the list where no address lies in it. */
  nowhere: readonly string[];
  /** A price that was refused, and why. */
  wrong?: { price: TypedPrice; why: string };
}

interface FormProps {
  id: string;
  typed: TypedList;
  errors: ListErrors;
}

export function NewListPage({ page: about, ...form }: FormProps & { page: Page }) {
  return (
    <DeskShell page={about} title={t('desk.prices.list.new')}>
      <WayBack />
      <header class="desk-head">
        <h1>{t('desk.prices.list.new')}</h1>
      </header>
      <ListForm {...form} isNew />
    </DeskShell>
  );
}

export const WayBack = () => (
  <p>
    <a href={PRICES}>{t('desk.prices')}</a>
  </p>
);

export function ListPage({ page: about, view }: { page: Page; view: ListView }) {
  const { list, typed, errors, canEnd, prices, query, wrong, nowhere } = view;
  const { currency, marketCode: market, priority } = list;
  return (
    <DeskShell page={about} title={list.name}>
      <WayBack />
      <header class="desk-head">
        <h1>{list.name}</h1>
        <p class="soft">
          {t('desk.prices.list.about', { currency, market, priority: about.format.number(priority) })}
        </p>
      </header>
      {nowhere.length > 0 && (
        <Notice kind="warning">{t('desk.prices.nowhere', { regions: nowhere.join(', ') })}</Notice>
      )}
      <section class="panel" id="prices" aria-labelledby="prices-title">
        <div class="panel-head">
          <h2 id="prices-title">{t('desk.prices.list.count')}</h2>
          <a class="export" href={`${PRICES}/${list.id}/prices.csv`} download>
            {t('desk.prices.csv')}
          </a>
          <a href={`${PRICES}/${list.id}/file`}>{t('desk.prices.file')}</a>
        </div>
        {wrong && <Notice kind="error">{wrong.why}</Notice>}
        <Search list={list} words={query.q} />
        {prices.length === 0 ? (
          <EmptyState
            title={query.q === '' ? t('desk.prices.none.title') : t('desk.prices.nothing.title')}
            text={query.q === '' ? t('desk.prices.none.text') : t('desk.prices.nothing.text')}
          />
        ) : (
          <PriceRows view={view} />
        )}
        <Pages view={view} />
        <OnePrice view={view} />
      </section>
      <section class="panel" aria-labelledby="facts">
        <h2 id="facts">{t('desk.prices.list.facts')}</h2>
        <ListForm id={list.id} typed={typed} errors={errors} />
        {canEnd && (
          <form method="post" action={`${PRICES}/${list.id}/end`} class="form">
            <Button look="danger">{t('desk.prices.list.end')}</Button>
          </form>
        )}
      </section>
    </DeskShell>
  );
}

function Search({ list, words }: { list: PriceList; words: string }) {
  return (
    <form action={`${PRICES}/${list.id}#prices`} role="search" class="price-search">
      <Field
        name="q"
        type="search"
        label={t('desk.prices.search')}
        value={words}
        input={{ maxlength: 100, autocomplete: 'off' }}
      />
      <Button look="plain">{t('desk.prices.search.button')}</Button>
    </form>
  );
}

function Pages({ view: { list, query, next } }: { view: ListView }) {
  const address = (after?: string) =>
    `${addressOf(`${PRICES}/${list.id}`, { q: query.q, ...(after !== undefined && { after }) })}#prices`;
  if (query.after === undefined && next === undefined) return null;
  return (
    <nav class="actions stock-pages" aria-label={t('list.pages')}>
      {query.after !== undefined && <a href={address()}>{t('desk.prices.first_page')}</a>}
      {next !== undefined && (
        <a href={address(next)} rel="next">
          {t('desk.prices.next_page')}
        </a>
      )}
    </nav>
  );
}

// The fields stand in cells of their own and belong to their row's form by its name.
const formOf = ({ variantId }: ListedPrice) => `price-${variantId}`;

interface AmountProps {
  row: ListedPrice;
  name: 'amount' | 'before';
  label: string;
  view: ListView;
}

function Amount({ row, name, label, view: { list, wrong } }: AmountProps) {
  const typed = wrong?.price.sku === row.sku ? wrong.price : undefined;
  const minor = name === 'amount' ? row.amountMinor : row.compareAtMinor;
  return (
    <input
      form={formOf(row)}
      name={name}
      value={typed?.[name] ?? (minor === null ? '' : decimalText(minor, list.currency))}
      aria-label={label}
      aria-invalid={typed ? 'true' : undefined}
      inputmode="decimal"
      autocomplete="off"
      class="units"
    />
  );
}

function PriceRows({ view }: { view: ListView }) {
  const { list, prices } = view;
  const { currency } = list;
  const amount = (row: ListedPrice, name: 'amount' | 'before', label: string) => (
    <Amount row={row} name={name} label={label} view={view} />
  );
  const columns: Column<ListedPrice>[] = [
    {
      title: t('desk.prices.product'),
      cell: ({ title, options, sku }) => (
        <span class="stock-name">
          {title}
          <small>{[sku, options].filter((part) => part !== '').join(' · ')}</small>
        </span>
      ),
    },
    {
      title: t('desk.prices.amount', { currency }),
      figures: true,
      cell: (row) => amount(row, 'amount', t('desk.prices.amount.of', { sku: row.sku, currency })),
    },
    {
      title: t('desk.prices.before', { currency }),
      figures: true,
      cell: (row) => amount(row, 'before', t('desk.prices.before.of', { sku: row.sku, currency })),
    },
    {
      title: t('desk.prices.set'),
      cell: (row) => (
        <form method="post" action={`${PRICES}/${list.id}/price#prices`} id={formOf(row)}>
          <Where view={view} />
          <input type="hidden" name="sku" value={row.sku} />
          <Button look="plain" aria-label={t('desk.prices.set.of', { sku: row.sku })}>
            {t('desk.prices.set.button')}
          </Button>
        </form>
      ),
    },
  ];
  return (
    <div class="price-rows">
      <p class="hint">{t('desk.prices.rows.hint', { currency })}</p>
      <Table
        caption={t('desk.prices.list.count')}
        rows={prices}
        rowKey={({ variantId }) => variantId}
        cards
        columns={columns}
      />
    </div>
  );
}

/** Where on the list somebody is: they come back there. */
const Where = ({ view: { query } }: { view: ListView }) => (
  <>
    {query.q !== '' && <input type="hidden" name="q" value={query.q} />}
    {query.after !== undefined && <input type="hidden" name="after" value={query.after} />}
  </>
);

function OnePrice({ view }: { view: ListView }) {
  const { list, prices, wrong } = view;
  const { currency } = list;
  // A price of a row is shown again in its row.
  const typed = prices.some(({ sku }) => sku === wrong?.price.sku) ? undefined : wrong?.price;
  const entry = (name: 'sku' | 'amount' | 'before', label: string, hint?: string) => (
    <Field
      name={name}
      label={label}
      hint={hint}
      value={typed?.[name] ?? ''}
      required={name === 'sku'}
      input={{ autocomplete: 'off', ...(name !== 'sku' && { inputmode: 'decimal' as const }) }}
    />
  );
  return (
    <form method="post" action={`${PRICES}/${list.id}/price#prices`} class="form rules" novalidate>
      <fieldset>
        <legend>{t('desk.prices.set')}</legend>
        <Where view={view} />
        {entry('sku', t('desk.prices.sku'))}
        {entry('amount', t('desk.prices.amount', { currency }), t('desk.prices.set.hint'))}
        {entry('before', t('desk.prices.before', { currency }))}
        <div class="actions">
          <Button look="plain">{t('desk.prices.set.button')}</Button>
        </div>
      </fieldset>
    </form>
  );
}

function ListForm({ id, typed, errors, isNew = false }: FormProps & { isNew?: boolean }) {
  const entry = (name: keyof TypedList, label: string, hint?: string, required = true) => (
    <Field
      name={name}
      type={name === 'from' || name === 'to' ? 'datetime-local' : 'text'}
      label={label}
      hint={hint}
      value={typed[name]}
      error={errors[name]}
      required={required}
      input={{ autocomplete: 'off' }}
    />
  );
  return (
    <form method="post" action={`${PRICES}/${id}`} class="form rules" novalidate>
      <fieldset>
        <legend class="visually-hidden">{t('desk.prices.list.facts')}</legend>
        {entry('name', t('desk.prices.list.name'))}
        {isNew ? (
          entry('currency', t('desk.prices.currency'), t('desk.prices.currency.hint'))
        ) : (
          <input type="hidden" name="currency" value={typed.currency} />
        )}
        {entry('market', t('desk.prices.list.market'), t('desk.prices.list.market.hint'))}
        {entry('priority', t('desk.prices.list.priority'), t('desk.prices.list.priority.hint'))}
        {entry('from', t('desk.prices.list.from'), t('desk.prices.list.from.hint'), false)}
        {entry('to', t('desk.prices.list.to'), t('desk.prices.list.to.hint'), false)}
        <div class="actions">
          <Button>{t('desk.prices.list.save')}</Button>
        </div>
      </fieldset>
    </form>
  );
}
