import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { ComponentChildren } from 'preact';
import { type Static, Type } from 'typebox';
import {
  answerRefusal,
  paymentsErrors,
  type RefusalAnswer,
  type RefusedRefund,
  refusedRefunds,
} from '#modules/payments/index.ts';
import { PERSONAL_READERS } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type RefundOrder, refundOrders } from '#read/refund-orders.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { DeskShell } from './shell.tsx';

const LISTED = '/desk/refunds';
const SHOWN = 50;
const REFERENCE_MAX = 100;
const DAY_MS = 86_400_000;
/** Who gives back money gives it here, too: as the API's routes say. */
const ACTORS = PERSONAL_READERS;

const Body = exactly({ answer: Type.Enum(['again', 'credit', 'by_hand']), reference: Text(300) });

interface View {
  refund: RefusedRefund;
  order: RefundOrder | undefined;
  reference: string;
  error?: string;
  fault?: PlainKey;
  now: Date;
}

/** Refunds that a provider refused for good, and what can be done about each. */
export const refundPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const paging = exactly({ after: Type.Optional(Id) });
  app.get(LISTED, page(ACTORS, { querystring: paging }), async ({ query: { after } }, reply) => {
    const found = await refusedRefunds(db, { after, limit: SHOWN + 1 });
    const rows = found.slice(0, SHOWN);
    const orders = await refundOrders(
      db,
      rows.map(({ orderId }) => orderId),
    );
    const next = found.length > SHOWN ? rows.at(-1)?.operationId : undefined;
    return reply.page((about) => (
      <ListPage page={about} rows={rows} orders={orders} next={next} now={now()} />
    ));
  });

  const read = async (id: string): Promise<Pick<View, 'refund' | 'order' | 'now'>> => {
    const [refund] = await refusedRefunds(db, { only: id, limit: 1 });
    if (!refund) throw platformErrors.not_found({});
    const orders = await refundOrders(db, [refund.orderId]);
    return { refund, order: orders.get(refund.orderId), now: now() };
  };
  const show = (reply: FastifyReply, view: View) =>
    reply.page((about) => <RefundPage page={about} view={view} />);

  const one = exactly({ id: Id });
  app.get(`${LISTED}/:id`, page(ACTORS, { params: one }), async ({ params: { id } }, reply) =>
    show(reply, { ...(await read(id)), reference: '' }),
  );

  app.post(
    `${LISTED}/:id`,
    page(ACTORS, { params: one, body: Body }),
    async ({ viewer, params: { id }, body }, reply) => {
      const known = await read(id).catch((error: unknown) => {
        // Sent twice, or somebody was faster: there is nothing left to do.
        if (error instanceof AppError && error.code === platformErrors.not_found.code) return undefined;
        throw error;
      });
      if (!known) return sendOn(reply, LISTED, 'desk.refunds.done');
      const { reference } = body;
      const wish = wishOf(body, known.order);
      if (!wish)
        return show(reply.code(422), { ...known, reference, error: t('desk.refunds.reference.error') });
      try {
        await inTransaction(db, (tx) => answerRefusal(tx, viewer, id, wish, now()));
      } catch (error) {
        const fault = error instanceof AppError ? FAULTS.get(error.code) : undefined;
        if (!fault) throw error;
        return show(reply.code(409), { ...known, reference, fault });
      }
      return sendOn(reply, LISTED, 'desk.refunds.done');
    },
  );
};

const FAULTS = new Map<string, PlainKey>([
  [paymentsErrors.refund_answered.code, 'desk.refunds.fault.answered'],
  [paymentsErrors.more_than_is_left.code, 'desk.refunds.fault.left'],
]);

function wishOf(
  { answer, reference: typed }: Static<typeof Body>,
  order: RefundOrder | undefined,
): RefusalAnswer | undefined {
  if (answer === 'again') return { answer };
  if (answer === 'credit') return order?.memberId ? { answer, memberId: order.memberId } : undefined;
  const reference = typed.trim();
  return reference !== '' && reference.length <= REFERENCE_MAX ? { answer: 'by_hand', reference } : undefined;
}

function ageOf({ refusedAt }: RefusedRefund, now: Date): string {
  const count = Math.floor((now.getTime() - refusedAt.getTime()) / DAY_MS);
  return count < 1 ? t('desk.refunds.today') : t('desk.refunds.days', { count });
}

interface ListProps {
  page: Page;
  rows: readonly RefusedRefund[];
  orders: ReadonlyMap<string, RefundOrder>;
  next: string | undefined;
  now: Date;
}

function ListPage({ page: about, rows, orders, next, now }: ListProps) {
  const { format } = about;
  const numberOf = ({ orderId }: RefusedRefund) => orders.get(orderId)?.number ?? orderId.slice(0, 8);
  return (
    <DeskShell page={about} title={t('desk.refunds')}>
      <header class="desk-head">
        <h1>{t('desk.refunds')}</h1>
        <p class="soft">{t('desk.refunds.lead')}</p>
      </header>
      {rows.length === 0 ? (
        <EmptyState title={t('desk.refunds.none.title')} text={t('desk.refunds.none.text')} />
      ) : (
        <Table
          caption={t('desk.refunds')}
          rows={rows}
          rowKey={({ operationId }) => operationId}
          columns={[
            {
              title: t('desk.refunds.order'),
              cell: (row) => <a href={`${LISTED}/${row.operationId}`}>{numberOf(row)}</a>,
            },
            {
              title: t('desk.refunds.amount'),
              figures: true,
              cell: ({ amountMinor, currency }) => format.money(amountMinor, currency),
            },
            { title: t('desk.refunds.provider'), cell: ({ provider }) => provider },
            { title: t('desk.refunds.reason'), cell: ({ reason }) => reason },
            { title: t('desk.refunds.since'), cell: (row) => ageOf(row, now) },
          ]}
        />
      )}
      {next !== undefined && (
        <nav class="pages" aria-label={t('list.pages')}>
          <ButtonLink href={`${LISTED}?after=${next}`} look="plain">
            {t('desk.refunds.more')}
          </ButtonLink>
        </nav>
      )}
    </DeskShell>
  );
}

function RefundPage({ page: about, view }: { page: Page; view: View }) {
  const { refund, order, reference, error, fault, now } = view;
  const { amountMinor, currency, provider, reason, operationId } = refund;
  const title = t('desk.refunds.one', { amount: about.format.money(amountMinor, currency) });
  const action = `${LISTED}/${operationId}`;
  return (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
        <p class="soft">
          {t('desk.refunds.one.lead', {
            number: order?.number ?? refund.orderId.slice(0, 8),
            when: ageOf(refund, now),
            provider,
            reason,
          })}
        </p>
        <p>
          <a href={LISTED}>{t('desk.refunds.back')}</a>
        </p>
      </header>
      {fault && <Notice kind="error">{say(fault)}</Notice>}
      <section class="panel" aria-labelledby="again">
        <h2 id="again">{t('desk.refunds.again')}</h2>
        <p>{t('desk.refunds.again.text')}</p>
        <Answer action={action} answer="again">
          <div class="actions">
            <Button>{t('desk.refunds.again')}</Button>
          </div>
        </Answer>
      </section>
      <section class="panel" aria-labelledby="credit">
        <h2 id="credit">{t('desk.refunds.credit')}</h2>
        {order?.memberId ? (
          <>
            <p>{t('desk.refunds.credit.text')}</p>
            <Answer action={action} answer="credit">
              <div class="actions">
                <Button look="plain">{t('desk.refunds.credit')}</Button>
              </div>
            </Answer>
          </>
        ) : (
          <p>{t('desk.refunds.credit.guest')}</p>
        )}
      </section>
      <section class="panel" aria-labelledby="by-hand">
        <h2 id="by-hand">{t('desk.refunds.by_hand')}</h2>
        <p>{t('desk.refunds.by_hand.text')}</p>
        <Answer action={action} answer="by_hand">
          <Field
            name="reference"
            label={t('desk.refunds.reference')}
            hint={t('desk.refunds.reference.hint')}
            value={reference}
            error={error}
            required
            input={{ maxlength: REFERENCE_MAX, autocomplete: 'off' }}
          />
          <div class="actions">
            <Button look="plain">{t('desk.refunds.by_hand')}</Button>
          </div>
        </Answer>
      </section>
    </DeskShell>
  );
}

interface AnswerProps {
  action: string;
  answer: RefusalAnswer['answer'];
  children: ComponentChildren;
}

const Answer = ({ action, answer, children }: AnswerProps) => (
  <form method="post" action={action} class="form admin-form">
    <input type="hidden" name="answer" value={answer} />
    {children}
  </form>
);
