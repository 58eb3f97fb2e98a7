import { namesOf } from '#modules/identity/index.ts';
import { type AccountEntry, accountEntries } from '#modules/payments/index.ts';
import type { Db } from '#platform/db.ts';
import { refundOrders } from '#read/refund-orders.ts';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { momentName } from './figures.tsx';

const ENTRIES_MAX = 200;

/** What happened to a balance, with the names of who did it and the numbers of the orders. */
export interface Ledger {
  entries: AccountEntry[];
  names: Map<string, string>;
  numbers: Map<string, string>;
}

export async function ledgerOf(reads: Db, accountId: string): Promise<Ledger> {
  const entries = await accountEntries(reads, accountId, ENTRIES_MAX);
  const orderIds = entries.flatMap(({ orderId }) => orderId ?? []);
  const [names, orders] = await Promise.all([
    namesOf(reads, [...new Set(entries.map(({ actor }) => actor))]),
    refundOrders(reads, orderIds),
  ]);
  return { entries, names, numbers: new Map([...orders].map(([id, { number }]) => [id, number])) };
}

interface Props {
  ledger: Ledger;
  currency: string;
  caption: string;
  format: Format;
  timeZone: string;
}

export function LedgerTable({ ledger, currency, caption, format, timeZone }: Props) {
  const { entries, names, numbers } = ledger;
  return (
    <Table
      caption={caption}
      rows={entries}
      rowKey={({ key }) => key}
      cards
      columns={[
        {
          title: t('desk.gift_card.when'),
          cell: ({ occurredAt }) => momentName(format, occurredAt, timeZone, { year: 'numeric' }),
        },
        { title: t('desk.gift_card.what'), cell: ({ kind }) => t(`desk.gift_card.did.${kind}`) },
        {
          title: t('desk.gift_card.amount'),
          figures: true,
          cell: ({ kind, amountMinor }) =>
            kind === 'blocked' || kind === 'freed' ? null : format.money(amountMinor, currency),
        },
        {
          title: t('desk.gift_card.order'),
          cell: ({ orderId }) =>
            orderId && <a href={`/desk/orders/${orderId}`}>{numbers.get(orderId) ?? orderId.slice(-6)}</a>,
        },
        { title: t('desk.gift_card.why'), cell: ({ reason }) => reason },
        {
          title: t('desk.gift_card.who'),
          cell: ({ actor }) =>
            names.get(actor) ??
            (actor === 'system' ? t('desk.gift_card.system') : t('desk.gift_card.somebody')),
        },
      ]}
    />
  );
}
