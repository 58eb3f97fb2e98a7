import { DATE_REASON_MAX, type PurchaseDate } from '#modules/inventory/index.ts';
import { newId } from '#platform/ids.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { Text } from '../page.ts';
import { dayName, momentName } from './figures.tsx';
import { faultAt, faultWith, isDay, type StockFault } from './stock-shell.tsx';

export const DateBody = exactly({ date: Id, expected: Text(10), reason: Text(2 * DATE_REASON_MAX) });

export interface TypedDate {
  /** The change's, made with the form: sent twice, it is one change. */
  date: string;
  expected: string;
  reason: string;
}

export const blankDate = (expectedOn: string): TypedDate => ({
  date: newId(),
  expected: expectedOn,
  reason: '',
});

/** What is wrong with a new day as it was typed. */
export function dateFault({ expected, reason }: TypedDate): StockFault | undefined {
  if (!isDay(expected)) return faultWith('expected', t('desk.stock.fault.expected'));
  const { length } = reason.trim();
  return length >= 1 && length <= DATE_REASON_MAX
    ? undefined
    : faultWith('reason', t('desk.stock.purchase.fault.reason'));
}

interface FormProps {
  purchaseId: string;
  typed: TypedDate;
  fault: StockFault | undefined;
}

/** Says that a purchase comes on another day, and what follows from it. */
export function DateForm({ purchaseId, typed, fault }: FormProps) {
  return (
    <section class="admin-form stock-form" aria-labelledby="date">
      <h2 id="date">{t('desk.stock.purchase.date')}</h2>
      <p class="soft">{t('desk.stock.purchase.date.hint')}</p>
      <form method="post" action={`/desk/stock/purchases/${purchaseId}/date#date`} class="form">
        <input type="hidden" name="date" value={typed.date} />
        <div class="form-row">
          <Field
            name="expected"
            type="date"
            label={t('desk.stock.purchase.date.new')}
            value={typed.expected}
            required
            error={faultAt(fault, 'expected')}
          />
          <Field
            name="reason"
            label={t('desk.stock.purchase.date.reason')}
            value={typed.reason}
            required
            error={faultAt(fault, 'reason')}
            input={{ maxlength: DATE_REASON_MAX, autocomplete: 'off' }}
          />
        </div>
        <div class="actions">
          <Button>{t('desk.stock.purchase.date.button')}</Button>
        </div>
      </form>
    </section>
  );
}

interface HistoryProps {
  dates: readonly PurchaseDate[];
  format: Format;
  timeZone: string;
}

export function DateHistory({ dates, format, timeZone }: HistoryProps) {
  if (dates.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="dates">
      <h2 id="dates">{t('desk.stock.purchase.dates')}</h2>
      <Table
        caption={t('desk.stock.purchase.dates')}
        rows={dates}
        rowKey={({ id }) => id}
        columns={[
          {
            title: t('desk.stock.purchase.dates.at'),
            cell: ({ changedAt }) => momentName(format, changedAt, timeZone, { year: 'numeric' }),
          },
          {
            title: t('desk.stock.purchase.dates.before'),
            cell: ({ expectedBefore }) => dayName(format, expectedBefore),
          },
          {
            title: t('desk.stock.purchase.dates.on'),
            cell: ({ expectedOn }) => dayName(format, expectedOn),
          },
          { title: t('desk.stock.purchase.date.reason'), cell: ({ reason }) => reason },
        ]}
      />
    </section>
  );
}
