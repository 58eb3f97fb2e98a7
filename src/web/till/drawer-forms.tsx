import type { DrawerEntry, Shift } from '#modules/till/index.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import type { Page } from '../page.ts';
import type { Here } from './register-here.ts';

export interface Typed {
  amount: string;
  reason: string;
}

/** What is wrong with a form, and what was typed into it. */
interface FormFault {
  text: string;
  field: 'amount' | 'reason';
  typed: Typed;
}

interface FormProps {
  fault: FormFault | undefined;
}

const AMOUNT = { inputmode: 'decimal', maxlength: 20, autocomplete: 'off' } as const;

export function OpenForm({ id, fault }: FormProps & { id: string }) {
  return (
    <form method="post" action="/till/drawer/open" class="form">
      <h2>{t('till.drawer.open')}</h2>
      <input type="hidden" name="id" value={id} />
      <Field
        name="amount"
        label={t('till.drawer.float')}
        hint={t('till.drawer.float.hint')}
        value={fault?.typed.amount}
        error={fault?.text}
        input={AMOUNT}
      />
      <div class="actions">
        <Button>{t('till.drawer.open.button')}</Button>
      </div>
    </form>
  );
}

export function PayForm({ id, shiftId, fault }: FormProps & { id: string; shiftId: string }) {
  return (
    <details class="till-part" open={fault !== undefined}>
      <summary>{t('till.drawer.pay')}</summary>
      <form method="post" action="/till/drawer/pay" class="form">
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="shift" value={shiftId} />
        <Select
          name="kind"
          label={t('till.drawer.direction')}
          options={[
            { value: 'paid_in', label: t('till.drawer.kind.paid_in') },
            { value: 'paid_out', label: t('till.drawer.kind.paid_out') },
          ]}
        />
        <Field
          name="amount"
          label={t('till.drawer.amount')}
          value={fault?.typed.amount}
          error={fault?.field === 'amount' ? fault.text : undefined}
          input={AMOUNT}
        />
        <Field
          name="reason"
          label={t('till.drawer.reason')}
          value={fault?.typed.reason}
          error={fault?.field === 'reason' ? fault.text : undefined}
          input={{ maxlength: 200 }}
        />
        <div class="actions">
          <Button look="plain">{t('till.drawer.pay.button')}</Button>
        </div>
      </form>
    </details>
  );
}

export function CloseForm({ shiftId, fault }: FormProps & { shiftId: string }) {
  return (
    <details class="till-part" open={fault !== undefined}>
      <summary>{t('till.drawer.close')}</summary>
      <form method="post" action="/till/drawer/close" class="form">
        <input type="hidden" name="shift" value={shiftId} />
        <Field
          name="amount"
          label={t('till.drawer.counted')}
          hint={t('till.drawer.counted.hint')}
          value={fault?.typed.amount}
          error={fault?.text}
          input={AMOUNT}
        />
        <div class="actions">
          <Button>{t('till.drawer.close.button')}</Button>
        </div>
      </form>
    </details>
  );
}

export function Entries({ page, here, entries }: { page: Page; here: Here; entries: DrawerEntry[] }) {
  const { currency } = here.register;
  return (
    <Table
      caption={t('till.drawer.entries')}
      rows={entries}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('till.drawer.at'),
          cell: ({ enteredAt }) => page.format.dateTime(enteredAt, here.store.timeZone),
        },
        { title: t('till.drawer.what'), cell: ({ kind }) => say(`till.drawer.kind.${kind}`) },
        { title: t('till.drawer.reason'), cell: ({ reason }) => reason },
        {
          title: t('till.drawer.amount'),
          figures: true,
          cell: ({ amountMinor }) => page.format.money(amountMinor, currency),
        },
      ]}
    />
  );
}

export function EarlierShifts({ page, here, shifts }: { page: Page; here: Here; shifts: Shift[] }) {
  const { currency } = here.register;
  if (shifts.length === 0) return null;
  const money = (minor: number | null) => (minor === null ? '' : page.format.money(minor, currency));
  return (
    <section class="till-part">
      <h2>{t('till.drawer.earlier')}</h2>
      <Table
        caption={t('till.drawer.earlier')}
        rows={shifts}
        rowKey={({ id }) => id}
        columns={[
          {
            title: t('till.drawer.closed_at'),
            cell: ({ closedAt }) => closedAt && page.format.dateTime(closedAt, here.store.timeZone),
          },
          {
            title: t('till.drawer.was_expected'),
            figures: true,
            cell: (shift) => money(shift.expectedMinor),
          },
          { title: t('till.drawer.counted'), figures: true, cell: (shift) => money(shift.countedMinor) },
          {
            title: t('till.drawer.difference'),
            figures: true,
            cell: (shift) => money(shift.differenceMinor),
          },
        ]}
      />
    </section>
  );
}
