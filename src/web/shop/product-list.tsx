import type { Facet, ProductPage } from '#modules/catalog/index.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Icon } from '../components/Icon.tsx';
import { ProductCards } from '../components/ProductCard.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { LegalLink } from '../safety/legal-link.tsx';
import { addressOf, FACET_PREFIX, type Filters, isFiltered, SORTS, without } from './filters.ts';

const FACETS_OPEN = 3;
const VALUES_SHOWN = 8;
/** In the first screen of any device. */
const EAGER_CARDS = 2;

interface Props {
  page: Page;
  /** The list's address without its filters. */
  path: string;
  filters: Filters;
  found: ProductPage;
  /** Facets that the page itself fixes: a category's page does not offer categories again. */
  fixed?: readonly string[];
}

/** Products with their filters: a plain form whose fields are the address. */
export function ProductList({ page, path, filters, found, fixed = [] }: Props) {
  const facets = (found.facets ?? []).filter(
    ({ code, values }) => !fixed.includes(code) && values.length > 1,
  );
  return (
    <div class="list">
      <filter-form class="list-filters">
        <form action={path} id="filters">
          {filters.words && <input type="hidden" name="q" value={filters.words} />}
          <details class="filters">
            <summary class="button plain">
              <Icon name="filter" /> {t('filters.title')}
            </summary>
            <div class="filters-body">
              <Availability filters={filters} />
              <PriceRange filters={filters} />
              {facets.map((facet, index) => (
                <FacetGroup key={facet.code} page={page} facet={facet} open={index < FACETS_OPEN} />
              ))}
              <Button class="filters-apply">{t('filters.apply')}</Button>
            </div>
          </details>
        </form>
      </filter-form>
      <div class="list-results">
        <h2 class="visually-hidden">{t('list.heading')}</h2>
        <ListHead page={page} path={path} filters={filters} found={found} facets={found.facets ?? []} />
        {found.cards.length === 0 ? (
          <NothingFound path={path} filters={filters} />
        ) : (
          <ProductCards
            cards={found.cards}
            format={page.format}
            eager={EAGER_CARDS}
            beside={page.currency.beside}
          />
        )}
        <nav class="pages" aria-label={t('list.pages')}>
          {filters.after && (
            <ButtonLink href={addressOf(path, filters)} look="plain">
              {t('list.first')}
            </ButtonLink>
          )}
          {found.cursor && (
            <ButtonLink href={addressOf(path, filters, { after: found.cursor })} look="plain">
              {t('list.more')}
            </ButtonLink>
          )}
        </nav>
      </div>
    </div>
  );
}

/** Filters are taken off first; a search without any has only its words to change. */
function NothingFound({ path, filters }: { path: string; filters: Filters }) {
  if (!isFiltered(filters)) {
    return (
      <EmptyState title={t('search.empty.title')} text={t('search.empty.text')}>
        <ButtonLink href="/search">{t('home.action')}</ButtonLink>
      </EmptyState>
    );
  }
  const cleared = filters.words ? `/search?${new URLSearchParams({ q: filters.words }).toString()}` : path;
  return (
    <EmptyState title={t('list.empty.title')} text={t('list.empty.text')}>
      <ButtonLink href={cleared}>{t('filters.clear')}</ButtonLink>
    </EmptyState>
  );
}

function ListHead({
  page,
  path,
  filters,
  found,
  facets,
}: Omit<Props, 'fixed'> & { facets: readonly Facet[] }) {
  const { total } = found;
  return (
    <div class="list-head">
      <p role="status">
        {total &&
          t(total.isExact ? 'list.count' : 'list.count.more', {
            count: total.count,
            shown: page.format.number(total.count),
          })}
      </p>
      <div class="sort">
        <label for="sort">{t('sort.label')}</label>
        <select id="sort" name="sort" form="filters">
          {filters.words && <option value="">{t('sort.relevance')}</option>}
          {SORTS.map((sort) => (
            <option key={sort} value={sort} selected={filters.sort === sort}>
              {t(`sort.${sort}`)}
            </option>
          ))}
        </select>
        <noscript>
          <button type="submit" form="filters" class="text-button">
            {t('sort.apply')}
          </button>
        </noscript>
      </div>
      <Chips path={path} filters={filters} facets={facets} />
      <LegalLink page={page} kind="ranking" />
    </div>
  );
}

function Chips({ path, filters, facets }: { path: string; filters: Filters; facets: readonly Facet[] }) {
  if (!isFiltered(filters)) return null;
  const chips = Object.entries(filters.facets).flatMap(([code, values]) =>
    values.map((value) => ({
      label:
        facets.find((facet) => facet.code === code)?.values.find((each) => each.value === value)?.label ??
        value,
      href: addressOf(path, filters, { facets: without(filters.facets, code, value) }),
    })),
  );
  if (filters.inStock)
    chips.push({ label: t('filters.in_stock'), href: addressOf(path, filters, { inStock: false }) });
  if (filters.min !== undefined || filters.max !== undefined) {
    const range = { min: filters.min ?? 0, max: filters.max ?? '∞' };
    const href = addressOf(path, filters, { min: undefined, max: undefined });
    chips.push({ label: t('filters.price_range', range), href });
  }
  return (
    <ul class="chips">
      {chips.map(({ label, href }) => (
        <li key={label}>
          <a class="chip" href={href} aria-label={t('filters.remove', { label })}>
            {label} <Icon name="close" size={14} />
          </a>
        </li>
      ))}
      <li>
        <a class="chip-clear" href={filters.words ? `${path}?q=${encodeURIComponent(filters.words)}` : path}>
          {t('filters.clear')}
        </a>
      </li>
    </ul>
  );
}

function Availability({ filters }: { filters: Filters }) {
  return (
    <label class="check">
      <input type="checkbox" name="stock" value="yes" checked={filters.inStock} />
      <span>{t('filters.in_stock')}</span>
    </label>
  );
}

function PriceRange({ filters }: { filters: Filters }) {
  return (
    <fieldset class="facet price-range">
      <legend>{t('filters.price')}</legend>
      <label class="visually-hidden" for="price-min">
        {t('filters.min')}
      </label>
      <input
        id="price-min"
        name="min"
        inputmode="decimal"
        value={filters.min ?? ''}
        placeholder={t('filters.min.short')}
      />
      <span aria-hidden="true">–</span>
      <label class="visually-hidden" for="price-max">
        {t('filters.max')}
      </label>
      <input
        id="price-max"
        name="max"
        inputmode="decimal"
        value={filters.max ?? ''}
        placeholder={t('filters.max.short')}
      />
    </fieldset>
  );
}

function FacetGroup({ page, facet, open }: { page: Page; facet: Facet; open: boolean }) {
  const { code, name, values } = facet;
  const isChosen = values.some((value) => value.isChosen);
  const [first, rest] = [values.slice(0, VALUES_SHOWN), values.slice(VALUES_SHOWN)];
  return (
    <details class="facet" open={open || isChosen}>
      <summary>{code === 'brand' ? t('filters.maker') : name}</summary>
      <FacetValues page={page} code={code} facet={facet} values={first} />
      {rest.length > 0 && (
        <details class="facet-rest" open={rest.some((value) => value.isChosen)}>
          <summary>{t('filters.more', { count: rest.length })}</summary>
          <FacetValues page={page} code={code} facet={facet} values={rest} />
        </details>
      )}
    </details>
  );
}

function FacetValues({
  page,
  code,
  facet,
  values,
}: {
  page: Page;
  code: string;
  facet: Facet;
  values: Facet['values'];
}) {
  return (
    <fieldset>
      <legend class="visually-hidden">{facet.name}</legend>
      {values.map(({ value, label, count, isChosen }) => (
        <label key={value} class="check">
          <input type="checkbox" name={FACET_PREFIX + code} value={value} checked={isChosen} />
          <span>
            {facet.unit && Number.isFinite(Number(value))
              ? page.format.measure(Number(value), facet.unit)
              : label}
          </span>
          {count !== null && <span class="count">{page.format.number(count)}</span>}
        </label>
      ))}
    </fieldset>
  );
}
