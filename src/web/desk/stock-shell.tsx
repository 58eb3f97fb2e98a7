import type { ComponentChildren } from 'preact';
import type { Location } from '#modules/inventory/index.ts';
import { type Access, mayEnter, type Viewer } from '#platform/access.ts';
import { decimalsOf, parseDecimal } from '#platform/money.ts';
import type { VariantName } from '#read/stock-list.ts';
import { Notice } from '../components/Notice.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { DeskShell } from './shell.tsx';

/** Who may see stock, and who may book it: as the API's routes say. */
export const STOCK_READERS = 'staff' satisfies Access;
export const STOCK_WRITERS = 'staff:operations' satisfies Access;

export const mayBook = (viewer: Viewer): boolean => mayEnter(viewer, STOCK_WRITERS);

const parts = (): { href: string; name: string; access: Access }[] => [
  { href: '/desk/stock', name: t('desk.stock.levels'), access: STOCK_READERS },
  { href: '/desk/stock/transfers', name: t('desk.stock.transfers'), access: STOCK_READERS },
  { href: '/desk/stock/purchases', name: t('desk.stock.purchases'), access: STOCK_READERS },
  { href: '/desk/stock/count', name: t('desk.stock.count'), access: STOCK_WRITERS },
  { href: '/desk/stock/delivery', name: t('desk.stock.delivery'), access: STOCK_WRITERS },
];

interface Props {
  page: Page;
  title: string;
  lead: ComponentChildren;
  children: ComponentChildren;
}

/** A page about stock, with the way to the others. */
export function StockShell({ page, title, lead, children }: Props) {
  const path = page.path.split('?')[0];
  return (
    <DeskShell page={page} title={title}>
      <nav class="presets" aria-label={t('desk.stock.parts')}>
        {parts()
          .filter(({ access }) => mayEnter(page.viewer, access))
          .map(({ href, name }) => (
            <a key={href} href={href} aria-current={href === path ? 'page' : undefined}>
              {name}
            </a>
          ))}
      </nav>
      <header class="desk-head stock-head">
        <h1>{title}</h1>
        <p class="soft">{lead}</p>
      </header>
      <div class="stock">{children}</div>
    </DeskShell>
  );
}

/** A variant by its title, as a link to its ledger, with what tells it from the others below. */
export function VariantLink({ id, title, sku, options }: Omit<VariantName, 'slug'>) {
  return (
    <span class="stock-name">
      <a href={`/desk/stock/${id}`}>{title}</a>
      <small>{[sku, ...options].join(' · ')}</small>
    </span>
  );
}

/** What is wrong with a form, in words; with a list, with its lines. */
export interface StockFault {
  status: number;
  text: string;
  field?: string;
  /** Something else stands under the form's id: sent again, the form needs another one. */
  isSpent?: boolean;
  lines?: readonly LineFault[];
}

export interface LineFault {
  /** From 1. */
  line: number;
  text: string;
}

const LINES_SHOWN = 50;

/** Beside the form: what was refused, why, and that nothing was booked. */
export function FaultNotice({ fault }: { fault: StockFault | undefined }) {
  if (!fault || fault.field) return null;
  const { lines = [] } = fault;
  return (
    <Notice kind="error" title={t('desk.stock.refused')}>
      <p>{fault.text}</p>
      {lines.length > 0 && (
        <ul class="line-faults">
          {lines.slice(0, LINES_SHOWN).map(({ line, text }) => (
            <li key={`${line} ${text}`}>{t('desk.stock.line', { line, text })}</li>
          ))}
        </ul>
      )}
      {lines.length > LINES_SHOWN && (
        <p>{t('desk.stock.more_lines', { count: lines.length - LINES_SHOWN })}</p>
      )}
    </Notice>
  );
}

export const faultWith = (field: string, text: string): StockFault => ({ status: 422, field, text });

export const faultAt = (fault: StockFault | undefined, field: string) =>
  fault?.field === field ? fault.text : undefined;

export const placeOptions = (places: readonly Location[], first?: string) => [
  ...(first === undefined ? [] : [{ value: '', label: first }]),
  ...places.map(({ code, name }) => ({ value: code, label: name })),
];

export const placeName = (places: readonly Location[], id: string): string =>
  places.find((place) => place.id === id)?.name ?? '';

/** Of lines that are typed or pasted. */
export const LINES_TEXT_MAX = 200_000;

/** True for a day as a date field sends it. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

const UNITS_MAX = 1_000_000;
const MINOR_MAX = 1_000_000_000;

/** A whole number of units within the bounds; undefined for what is none. */
export function unitsIn(text: string, min: number): number | undefined {
  const units = /^[+-]?\d{1,7}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return units >= min && units <= UNITS_MAX ? units : undefined;
}

/** An amount as people type it, "12.50" or "12,50", in minor units; undefined for what is none. */
export function minorIn(text: string, currency: string): number | undefined {
  const minor = parseDecimal(text.replace(/^([^.,]*),([^.,]*)$/, '$1.$2'), decimalsOf(currency));
  return minor !== undefined && minor >= 0n && minor <= MINOR_MAX ? Number(minor) : undefined;
}
