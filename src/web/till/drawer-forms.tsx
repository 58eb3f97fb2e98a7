import { DENOMINATIONS, type DrawerEntry, type Shift } from '#modules/till/index.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import type { Page } from '../page.ts';
import { type CountTyped, PieceFields } from './pieces.tsx';
import type { Here } from './register-here.ts';

/** What is wrong with a form, and what was typed into it. */
export interface FormFault {
  text: string;
  field: string;
  typed: CountTyped;
}

interface FormProps {
  fault: FormFault | undefined;
}

interface CountProps extends FormProps {
  currency: string;
  format: Format;
  /** What was typed, to be added up; and what that comes to, in words. */
  sum: { typed: CountTyped; text: string } | undefined;
}

const AMOUNT = { inputmode: 'decimal', maxlength: 20, autocomplete: 'off' } as const;

export function OpenForm({ id, ...about }: CountProps & { id: string }) {
  return (
    <form method="post" action="/till/drawer/open" class="form" novalidate>
      <h2>{t('till.drawer.open')}</h2>
      <input type="hidden" name="id" value={id} />
      <CountFields
        {...about}
        name="amount"
        label={t('till.drawer.float')}
        hint={t('till.drawer.float.hint')}
      />
      <CountActs {...about} text={t('till.drawer.open.button')} />
    </form>
  );
}

/** The pieces, the sum, and either of them alone suffices. */
function CountFields({
  name,
  label,
  hint,
  ...about
}: CountProps & Record<'name' | 'label' | 'hint', string>) {
  const { currency, format, fault, sum } = about;
  const typed = fault?.typed ?? sum?.typed;
  const hasPieces = currency in DENOMINATIONS;
  return (
    <>
      <PieceFields currency={currency} format={format} typed={typed} fault={fault} />
      <Field
        name={name}
        label={label}
        hint={hasPieces ? `${hint} ${t('till.pieces.sum_hint')}` : hint}
        value={typed?.[name]}
        error={fault?.field === name ? fault.text : undefined}
        input={AMOUNT}
        {...(hasPieces && { required: true })}
      />
    </>
  );
}

/** Adding up comes first: whoever presses Enter between two piles of coins has not finished. */
function CountActs({ currency, sum, text }: CountProps & { text: string }) {
  return (
    <>
      {sum && <Notice kind="info">{sum.text}</Notice>}
      <div class="actions">
        {currency in DENOMINATIONS && (
          <Button look="plain" name="act" value="add_up">
            {t('till.pieces.add_up')}
          </Button>
        )}
        <Button autofocus={sum !== undefined}>{text}</Button>
      </div>
    </>
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
          value={fault?.typed['amount']}
          error={fault?.field === 'amount' ? fault.text : undefined}
          input={AMOUNT}
        />
        <Field
          name="reason"
          label={t('till.drawer.reason')}
          value={fault?.typed['reason']}
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

export function CloseForm({ shiftId, ...about }: CountProps & { shiftId: string }) {
  return (
    <details class="till-part" open={about.fault !== undefined || about.sum !== undefined}>
      <summary>{t('till.drawer.close')}</summary>
      <form method="post" action="/till/drawer/close" class="form" novalidate>
        <input type="hidden" name="shift" value={shiftId} />
        <CountFields
          {...about}
          name="counted"
          label={t('till.drawer.counted')}
          hint={t('till.drawer.counted.hint')}
        />
        <CountActs {...about} text={t('till.drawer.close.button')} />
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
