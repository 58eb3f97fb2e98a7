import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { namesOf } from '#modules/identity/index.ts';
import {
  ADVOCACY_SEGMENTS,
  advocacyTitle,
  type CustomerFigures,
  type CustomerPage,
  customersSeen,
  type CustomerTastes,
  interestsShared,
  ledgerParts,
  SEGMENTS,
  segmentTitle,
} from '#modules/insight/index.ts';
import { PERSONAL_READERS } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Select } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { expectedText, worthText } from './customer-parts.tsx';
import { momentName } from './figures.tsx';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/customers';
const ROWS = 50;
const CURSOR = /^(-?\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const Query = exactly({
  currency: Type.Optional(Type.String({ pattern: '^([A-Z]{3})?$' })),
  segment: Type.Enum(['', ...SEGMENTS, ...ADVOCACY_SEGMENTS], { default: '' }),
  interest: Type.Optional(Type.String({ pattern: '^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$' })),
  after: Type.Optional(Type.String({ pattern: CURSOR.source })),
});

interface View {
  found: CustomerPage;
  names: Map<string, string>;
  currency: string;
  currencies: string[];
  segment: '' | (typeof SEGMENTS)[number] | (typeof ADVOCACY_SEGMENTS)[number];
  interest: string;
  interests: { targetId: string; title: string }[];
  timeZone: string;
}

/** Customers in numbers, those who agree to it. */
export const customersPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { reads, clickhouse, config } = deps;
  app.get(PATH, page(PERSONAL_READERS, { querystring: Query }), async ({ query }, reply) => {
    const { segment, interest = '', after } = query;
    const [own, ledger, interests] = await Promise.all([
      marketplaceCurrency(reads),
      ledgerParts(clickhouse),
      interestsShared(reads),
    ]);
    const currency = query.currency || own;
    const [, net = '', customerId = ''] = CURSOR.exec(after ?? '') ?? [];
    const found = await customersSeen(reads, {
      currency,
      segment: segment || undefined,
      interest: interest || undefined,
      after: customerId ? { netMinor: Number(net), customerId } : undefined,
      limit: ROWS,
    });
    const names = await namesOf(
      reads,
      found.customers.map(({ memberId }) => `member:${memberId}`),
    );
    const currencies = [...new Set([currency, own, ...ledger.map((each) => each.currency)])];
    const about = { currency, currencies, segment, interest, interests };
    const view = { found, names, ...about, timeZone: config.timeZone };
    return reply.page((here) => <CustomersPage page={here} view={view} />);
  });
};

function CustomersPage({ page: about, view }: { page: Page; view: View }) {
  const { found, currency, segment, interest } = view;
  const fault = found.counted?.purchasesFault ?? found.counted?.amountsFault;
  return (
    <DeskShell page={about} title={t('desk.customers')}>
      <header class="desk-head">
        <h1>{t('desk.customers')}</h1>
        <p class="soft">{t('desk.customers.lead')}</p>
      </header>
      <section class="filters" aria-label={t('desk.filters')}>
        <form action={PATH} class="filter-row">
          <Select
            name="currency"
            label={t('desk.filters.currency')}
            value={currency}
            options={view.currencies.map((code) => ({ value: code, label: code }))}
          />
          <Select
            name="segment"
            label={t('desk.customers.segment')}
            value={segment}
            options={[
              { value: '', label: t('desk.customers.segment.all') },
              ...SEGMENTS.map((value) => ({ value, label: segmentTitle(value) })),
              ...ADVOCACY_SEGMENTS.map((value) => ({ value, label: advocacyTitle(value) })),
            ]}
          />
          <Select
            name="interest"
            label={t('desk.customers.interest')}
            value={interest}
            options={[
              { value: '', label: t('desk.customers.interest.any') },
              ...view.interests.map(({ targetId, title }) => ({ value: targetId, label: title })),
            ]}
          />
          <Button look="plain">{t('desk.filters.show')}</Button>
        </form>
      </section>
      {found.counted && (
        <p class="soft">
          {t('desk.customers.counted', {
            count: found.counted.customers,
            moment: momentName(about.format, found.counted.asOf, view.timeZone, { year: 'numeric' }),
          })}
        </p>
      )}
      {fault && <Notice>{say(`desk.customers.fault.${fault}`)}</Notice>}
      {found.customers.length === 0 && !found.next ? (
        <EmptyState title={t('desk.customers.none.title')} text={t('desk.customers.none.text')} />
      ) : (
        <Customers page={about} view={view} />
      )}
      {found.next && (
        <nav class="pages" aria-label={t('desk.customers')}>
          <ButtonLink
            look="plain"
            href={`${PATH}?${new URLSearchParams({ currency, segment, interest, after: `${found.next.netMinor}_${found.next.customerId}` }).toString()}`}
          >
            {t('desk.customers.next')}
          </ButtonLink>
        </nav>
      )}
    </DeskShell>
  );
}

export const customerName = (
  names: ReadonlyMap<string, string>,
  { memberId, customerId }: { memberId: string; customerId: string },
): string => names.get(`member:${memberId}`) || t('desk.customers.unnamed', { id: customerId.slice(0, 8) });

const INTERESTS_SHOWN = 3;

/** The highest lifts, of whichever kind. */
const drawnTo = (tastes: CustomerTastes | undefined): string[] =>
  (tastes?.interests ?? []).slice(0, INTERESTS_SHOWN).map(({ title }) => title);

function Customers({ page: { format }, view: { found, names } }: { page: Page; view: View }) {
  const figure = (title: string, cell: (row: CustomerFigures) => string) => ({ title, figures: true, cell });
  return (
    <Table
      caption={t('desk.customers')}
      cards
      rows={found.customers}
      rowKey={({ customerId }) => customerId}
      columns={[
        {
          title: t('desk.customers.name'),
          cell: (row) => <a href={`${PATH}/${row.customerId}`}>{customerName(names, row)}</a>,
        },
        {
          title: t('desk.customers.segments'),
          cell: (row) => {
            const advocacy = found.tastes.get(row.customerId)?.advocacy;
            const heard = advocacy?.segment ? [advocacy.title] : [];
            const titles = [...row.segments.map(({ title }) => title), ...heard];
            return <span class="wraps">{format.list(titles)}</span>;
          },
        },
        {
          title: t('desk.customers.interest'),
          cell: (row) => <span class="wraps">{format.list(drawnTo(found.tastes.get(row.customerId)))}</span>,
        },
        figure(t('desk.customers.net.brief'), (row) => format.money(row.netMinor, row.currency)),
        {
          ...figure(
            t('desk.customers.often'),
            (row) => `${format.number(row.orders)} · ${format.number(row.recencyDays)}`,
          ),
          hint: t('desk.customers.often.hint'),
        },
        {
          ...figure(
            t('desk.customers.scores'),
            (row) => `${row.recencyScore} · ${row.ordersScore} · ${row.marginScore}`,
          ),
          hint: t('desk.customers.scores.hint'),
        },
        {
          ...figure(
            t('desk.customers.ahead'),
            (row) =>
              `${expectedText(format, row.expectedOrders)} · ${worthText(format, row.expectedMinor, row.currency)}`,
          ),
          hint: t('desk.customers.ahead.hint'),
        },
      ]}
    />
  );
}
