import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { correctFee, FEE_MINOR_MAX, paymentsErrors } from '#modules/payments/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { feesOfOrder, type PaymentFees } from '#read/order-fees.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { say, t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { meansName } from './payment-fees.tsx';
import { CREDIT_READERS, CREDIT_WRITERS } from './sections.ts';
import { DeskShell } from './shell.tsx';
import { minorIn } from './stock-shell.tsx';

const PATH = '/desk/payment-fees/corrections';
const KINDS = ['taking', 'refund'] as const;
const Body = exactly({
  id: Id,
  order: Text(60),
  payment: Id,
  kind: Type.Enum([...KINDS]),
  becomes: Text(20),
  reason: Text(500),
});

interface View {
  order: string;
  payments: PaymentFees[] | undefined;
  errors?: { payment?: string; becomes?: string; reason?: string };
  typed?: { payment: string; kind: string; becomes: string; reason: string };
}

/** Fees of an order's payments that a rate made wrong: found by the order's number, and put right by another entry. */
export const correctFeesPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  const show = async (reply: FastifyReply, order: string, more: Pick<View, 'errors' | 'typed'> = {}) => {
    const payments = order === '' ? undefined : await feesOfOrder(reads, order);
    return reply.page((about) => <CorrectFees page={about} view={{ order, payments, ...more }} />);
  };

  app.get(
    PATH,
    page(CREDIT_READERS, { querystring: Type.Object({ order: Type.Optional(Text(60)) }) }),
    ({ query: { order = '' } }, reply) => show(reply, order.trim()),
  );

  app.post(PATH, page(CREDIT_WRITERS, { body: Body }), async ({ body, viewer }, reply) => {
    const order = body.order.trim();
    const refuse = (field: 'payment' | 'becomes' | 'reason', text: string) =>
      show(reply.code(422), order, { errors: { [field]: text }, typed: body });
    const payment = (await feesOfOrder(reads, order))?.find(({ paymentId }) => paymentId === body.payment);
    if (!payment) return refuse('payment', say('desk.correct_fees.fault.gone'));
    const becomesMinor = minorIn(body.becomes.trim(), payment.currency);
    if (becomesMinor === undefined || becomesMinor < 0 || becomesMinor > FEE_MINOR_MAX)
      return refuse('becomes', say('desk.serve_rates.fault.money'));
    const reason = body.reason.trim();
    if (reason === '') return refuse('reason', say('desk.correct_fees.fault.reason'));
    const isOfRefund = body.kind === 'refund';
    const wish = { id: body.id, paymentId: body.payment, isOfRefund, becomesMinor, reason };
    try {
      await inTransaction(db, (tx) => correctFee(tx, actorOf(viewer), wish, now()));
    } catch (error) {
      const text = refusalOf(error);
      if (text === undefined) throw error;
      return refuse('becomes', text);
    }
    return sendOn(reply, `${PATH}?order=${encodeURIComponent(order)}`, 'desk.correct_fees.done');
  });
};

const REFUSALS = {
  [paymentsErrors.fee_is_right.code]: 'desk.correct_fees.fault.right',
  [paymentsErrors.fee_is_reported.code]: 'desk.correct_fees.fault.reported',
  [paymentsErrors.fee_correction_differs.code]: 'desk.correct_fees.fault.differs',
} as const;

const refusalOf = (error: unknown) => {
  const key = error instanceof AppError ? REFUSALS[error.code] : undefined;
  return key === undefined ? undefined : say(key);
};

function CorrectFees({ page: about, view }: { page: Page; view: View }) {
  const { order, payments } = view;
  const rated = (payments ?? []).filter(({ provider }) => provider !== 'stripe');
  return (
    <DeskShell page={about} title={t('desk.correct_fees')}>
      <header class="desk-head">
        <h1>{t('desk.correct_fees')}</h1>
        <p class="soft">{t('desk.correct_fees.lead')}</p>
      </header>
      <form action={PATH} class="audit-filters" role="search" aria-label={t('desk.correct_fees.find')}>
        <Field
          name="order"
          label={t('desk.correct_fees.order')}
          value={order}
          required
          input={{ autocomplete: 'off', maxlength: 60 }}
        />
        <Button>{t('desk.correct_fees.find')}</Button>
      </form>
      {order !== '' && !payments?.length && (
        <EmptyState
          title={t('desk.correct_fees.none.title', { order })}
          text={t(payments ? 'desk.correct_fees.none.unpaid' : 'desk.correct_fees.none.text')}
        />
      )}
      {payments?.map((payment) => (
        <Payment key={payment.paymentId} page={about} payment={payment} />
      ))}
      {rated.length > 0 && mayEnter(about.viewer, CREDIT_WRITERS) && (
        <Correct page={about} view={view} rated={rated} />
      )}
    </DeskShell>
  );
}

function Payment({ page: { format }, payment }: { page: Page; payment: PaymentFees }) {
  const { paymentId, currency, provider, takingMinor, refundMinor, corrections } = payment;
  const money = (minor: number) => format.money(minor, currency);
  return (
    <section class="panel" aria-labelledby={`p-${paymentId}`}>
      <h2 id={`p-${paymentId}`}>{paymentName(payment, format)}</h2>
      <p>{t('desk.correct_fees.is', { taking: money(takingMinor), refund: money(refundMinor) })}</p>
      {corrections.length > 0 && (
        <ul>
          {corrections.map(({ id, isOfRefund, becomesMinor, reason, notedAt }) => (
            <li key={id}>
              {t(isOfRefund ? 'desk.correct_fees.was.refund' : 'desk.correct_fees.was.taking', {
                when: format.day(notedAt),
                becomes: money(becomesMinor),
                reason,
              })}
            </li>
          ))}
        </ul>
      )}
      {provider === 'stripe' && <p class="hint">{t('desk.correct_fees.reported')}</p>}
    </section>
  );
}

const paymentName = ({ provider, capturedMinor, currency }: PaymentFees, format: Page['format']) =>
  t('desk.correct_fees.payment', {
    means: meansName(provider),
    amount: format.money(capturedMinor, currency),
  });

function Correct({
  page: { format },
  view: { order, errors = {}, typed },
  rated,
}: {
  page: Page;
  view: View;
  rated: readonly PaymentFees[];
}) {
  return (
    <section class="admin-form panel" aria-labelledby="correct">
      <h2 id="correct">{t('desk.correct_fees.correct')}</h2>
      <form method="post" action={`${PATH}#correct`} class="form" novalidate>
        <input type="hidden" name="id" value={newId()} />
        <input type="hidden" name="order" value={order} />
        <div class="form-row">
          <Select
            name="payment"
            label={t('desk.correct_fees.of')}
            value={typed?.payment ?? rated[0]?.paymentId}
            required
            error={errors.payment}
            options={rated.map((each) => ({ value: each.paymentId, label: paymentName(each, format) }))}
          />
          <Select
            name="kind"
            label={t('desk.correct_fees.kind')}
            value={typed?.kind ?? 'taking'}
            required
            options={KINDS.map((kind) => ({ value: kind, label: t(`desk.correct_fees.kind.${kind}`) }))}
          />
          <Field
            name="becomes"
            label={t('desk.correct_fees.becomes')}
            value={typed?.becomes}
            required
            error={errors.becomes}
            input={{ inputmode: 'decimal', autocomplete: 'off', maxlength: 20 }}
          />
        </div>
        <Field
          name="reason"
          label={t('desk.correct_fees.reason')}
          value={typed?.reason}
          required
          error={errors.reason}
          input={{ autocomplete: 'off', maxlength: 500 }}
        />
        <Button>{t('desk.correct_fees.correct')}</Button>
      </form>
    </section>
  );
}
