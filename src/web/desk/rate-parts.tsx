import type { ComponentChildren } from 'preact';
import { mayEnter } from '#platform/access.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { CREDIT_WRITERS } from './sections.ts';
import { DeskShell } from './shell.tsx';

interface Dated {
  startsOn: string;
}

/** Those in force and to come: what ended is of no use to who sets the next. */
export const ratesFrom = <Rate extends Dated>(
  rates: readonly Rate[],
  today: string,
  isSame: (one: Rate, other: Rate) => boolean,
): Rate[] =>
  rates.filter(
    (rate) =>
      !rates.some(
        (later) => isSame(rate, later) && later.startsOn > rate.startsOn && later.startsOn <= today,
      ),
  );

interface RatesProps {
  page: Page;
  title: string;
  lead: string;
  /** Said where there are no rates. */
  none: { title: string; text: string };
  table: ComponentChildren;
  form: ComponentChildren;
}

/** Rates that hold from a day on, and where they are set. */
export function RatesPage({ page: about, title, lead, none, table, form }: RatesProps) {
  return (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
        <p class="soft">{lead}</p>
      </header>
      {table ?? <EmptyState {...none} />}
      {mayEnter(about.viewer, CREDIT_WRITERS) && form}
    </DeskShell>
  );
}

interface FormProps {
  action: string;
  hint: string;
  /** Of what the rate is, before its day and currency. */
  subject: ComponentChildren;
  typed: { from: string; currency: string };
  errors: { from?: string; currency?: string };
  children: ComponentChildren;
}

export function RateForm({ action, hint, subject, typed, errors, children }: FormProps) {
  return (
    <section class="admin-form panel" aria-labelledby="set">
      <h2 id="set">{t('desk.serve_rates.set')}</h2>
      <p class="hint">{hint}</p>
      <form method="post" action={`${action}#set`} class="form" novalidate>
        <div class="form-row">
          {subject}
          <Field
            name="from"
            type="date"
            label={t('desk.serve_rates.from')}
            value={typed.from}
            required
            error={errors.from}
          />
          <Field
            name="currency"
            label={t('desk.filters.currency')}
            value={typed.currency}
            required
            error={errors.currency}
            input={{ maxlength: 3, autocomplete: 'off' }}
          />
        </div>
        {children}
        <div class="actions">
          <Button>{t('desk.serve_rates.button')}</Button>
        </div>
      </form>
    </section>
  );
}

/** A number of a rate: minutes, or money in the currency's own unit. */
export const RateFigure = (figure: {
  name: string;
  label: string;
  value: string;
  error: string | undefined;
}) => <Field {...figure} required input={{ inputmode: 'decimal', autocomplete: 'off', maxlength: 20 }} />;
