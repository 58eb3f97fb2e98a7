import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import {
  accountById,
  blockAccount,
  correctAccount,
  type KeptAccount,
  paymentsErrors,
} from '#modules/payments/index.ts';
import { mayEnter, PERSONAL_READERS } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { memberOfCustomer } from '#read/member-of-customer.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { formatFor } from '../format.ts';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { type Ledger, ledgerOf, LedgerTable } from './account-ledger.tsx';
import { momentName } from './figures.tsx';
import { accountState, ReasonField } from './gift-fields.tsx';
import { minorIn, reasonIn } from './gift-form.ts';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/gift-cards/:id';
/** Who frees and corrects: as the API's routes say. */
const CORRECTORS = 'staff:operations';

type Form = 'block' | 'correction';

interface View {
  account: KeptAccount;
  memberId: string | undefined;
  ledger: Ledger;
  now: Date;
  timeZone: string;
  form?: Form;
  typed: { id: string; amount: string; reason: string };
  errors: { amount?: string; reason?: string };
}

/** A gift card, or a member's credit in a currency: its balance, its ledger, and what staff do about it. */
export const giftCardPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  const params = exactly({ id: Id });
  const show = async (
    reply: FastifyReply,
    id: string,
    said: Partial<Pick<View, 'form' | 'typed' | 'errors'>>,
  ) => {
    const account = await accountById(reads, id);
    const { customerId } = account;
    const memberId = customerId === null ? undefined : await memberOfCustomer(reads, customerId);
    const more = { ledger: await ledgerOf(reads, id), now: now(), timeZone: config.timeZone };
    const typed = { id: newId(), amount: '', reason: '' };
    const view: View = { account, memberId, ...more, typed, errors: {}, ...said };
    return reply.page((about) => <AccountPage page={about} view={view} />);
  };
  app.get(PATH, page(PERSONAL_READERS, { params }), ({ params: { id } }, reply) => show(reply, id, {}));

  const reasoned = exactly({ block_reason: Text(300) });
  const block = async (request: BlockRequest, reply: FastifyReply, isBlocked: boolean) => {
    const { viewer, params: about, body } = request;
    const reason = reasonIn(body.block_reason);
    if (reason === undefined) {
      const errors = { reason: say('desk.gift_cards.fault.reason') };
      const typed = { id: newId(), amount: '', reason: body.block_reason };
      return show(reply.code(422), about.id, { form: 'block', typed, errors });
    }
    await inTransaction(db, (tx) =>
      blockAccount(tx, viewer, { accountId: about.id, isBlocked, reason }, now()),
    );
    const notice = isBlocked ? 'desk.gift_card.is_blocked' : 'desk.gift_card.is_freed';
    return sendOn(reply, `/desk/gift-cards/${about.id}`, notice);
  };
  const blocking = { params, body: reasoned };
  app.post(`${PATH}/block`, page(PERSONAL_READERS, blocking), (request, reply) =>
    block(request, reply, true),
  );
  app.post(`${PATH}/release`, page(CORRECTORS, blocking), (request, reply) => block(request, reply, false));

  const correction = exactly({ id: Id, amount: Text(20), correction_reason: Text(300) });
  app.post(
    `${PATH}/correction`,
    page(CORRECTORS, { params, body: correction }),
    async ({ viewer, params: { id: accountId }, body, headers }, reply) => {
      const typed = { id: body.id, amount: body.amount, reason: body.correction_reason };
      const { currency } = await accountById(reads, accountId);
      const errors: View['errors'] = {};
      const amountMinor = minorIn(typed.amount, currency);
      const reason = reasonIn(typed.reason);
      if (!amountMinor) errors.amount = say('desk.gift_card.fault.difference');
      if (reason === undefined) errors.reason = say('desk.gift_cards.fault.reason');
      if (!amountMinor || reason === undefined)
        return show(reply.code(422), accountId, { form: 'correction', typed, errors });
      try {
        const wish = { id: body.id, accountId, amountMinor, reason };
        await inTransaction(db, (tx) => correctAccount(tx, viewer, wish, now()));
      } catch (error) {
        const fault = faultIn(error, headers['accept-language']);
        const again = { ...typed, id: newId() };
        return show(reply.code(409), accountId, {
          form: 'correction',
          typed: again,
          errors: { amount: fault },
        });
      }
      return sendOn(reply, `/desk/gift-cards/${accountId}`, 'desk.gift_card.is_corrected');
    },
  );
};

interface BlockRequest {
  viewer: Page['viewer'];
  params: { id: string };
  body: { block_reason: string };
}

function faultIn(error: unknown, language: string | undefined): string {
  if (!(error instanceof AppError)) throw error;
  if (error.code === paymentsErrors.account_differs.code) return t('desk.gift_cards.fault.spent');
  if (error.code !== paymentsErrors.credit_too_small.code) throw error;
  const { leftMinor, currency } = error.data as { leftMinor: number; currency: string };
  return t('desk.gift_card.fault.below', { left: formatFor(language).money(leftMinor, currency) });
}

function AccountPage({ page: about, view }: { page: Page; view: View }) {
  const { format, viewer } = about;
  const { account, memberId, ledger, now, timeZone } = view;
  const { kind, currency, balanceMinor, codeEnd, createdAt, expiresAt, isBlocked } = account;
  const isCard = kind === 'gift_card';
  const title = isCard
    ? t('desk.gift_card.title', { end: codeEnd ?? '' })
    : t('desk.gift_card.credit', { currency });
  const moment = (at: Date) => momentName(format, at, timeZone, { year: 'numeric' });
  return (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
        <p>
          {memberId === undefined ? (
            <a href="/desk/gift-cards">{t('desk.gift_card.back')}</a>
          ) : (
            <a href={`/desk/store-credit/${memberId}`}>{t('desk.gift_card.back.credit')}</a>
          )}
        </p>
      </header>
      <dl class="facts gift-facts">
        <dt>{t('desk.gift_cards.balance')}</dt>
        <dd>{format.money(balanceMinor, currency)}</dd>
        <dt>{t('desk.gift_cards.state')}</dt>
        <dd>{accountState(account, now)}</dd>
        <dt>{t('desk.gift_cards.issued')}</dt>
        <dd>{moment(createdAt)}</dd>
        {isCard && (
          <>
            <dt>{t('desk.gift_cards.expires')}</dt>
            <dd>{expiresAt ? moment(expiresAt) : t('desk.gift_cards.never')}</dd>
          </>
        )}
      </dl>
      <section aria-labelledby="ledger">
        <h2 id="ledger">{t('desk.gift_card.ledger')}</h2>
        <LedgerTable {...{ ledger, currency, format, timeZone }} caption={t('desk.gift_card.ledger')} />
      </section>
      {(!isBlocked || mayEnter(viewer, CORRECTORS)) && <BlockForm view={view} />}
      {mayEnter(viewer, CORRECTORS) && <CorrectionForm view={view} />}
    </DeskShell>
  );
}

function BlockForm({ view: { account, form, typed, errors } }: { view: View }) {
  const { id, isBlocked } = account;
  const isMine = form === 'block';
  return (
    <section class="admin-form panel" aria-labelledby="block">
      <h2 id="block">{isBlocked ? t('desk.gift_card.free') : t('desk.gift_card.block')}</h2>
      <p class="hint">{isBlocked ? t('desk.gift_card.free.text') : t('desk.gift_card.block.text')}</p>
      <form
        method="post"
        action={`/desk/gift-cards/${id}/${isBlocked ? 'release' : 'block'}`}
        class="form"
        novalidate
      >
        <ReasonField
          value={isMine ? typed.reason : undefined}
          error={isMine ? errors.reason : undefined}
          of="block"
        />
        <div class="actions">
          <Button look={isBlocked ? 'plain' : 'danger'}>
            {isBlocked ? t('desk.gift_card.free') : t('desk.gift_card.block')}
          </Button>
        </div>
      </form>
    </section>
  );
}

function CorrectionForm({ view: { account, form, typed, errors } }: { view: View }) {
  const isMine = form === 'correction';
  return (
    <section class="admin-form panel" aria-labelledby="correct">
      <h2 id="correct">{t('desk.gift_card.correct')}</h2>
      <p class="hint">{t('desk.gift_card.correct.text')}</p>
      <form method="post" action={`/desk/gift-cards/${account.id}/correction`} class="form" novalidate>
        <input type="hidden" name="id" value={typed.id} />
        <Field
          name="amount"
          label={t('desk.gift_card.correct.amount', { currency: account.currency })}
          value={isMine ? typed.amount : undefined}
          error={isMine ? errors.amount : undefined}
          required
          input={{ autocomplete: 'off', maxlength: 20 }}
        />
        <ReasonField
          value={isMine ? typed.reason : undefined}
          error={isMine ? errors.reason : undefined}
          of="correction"
        />
        <div class="actions">
          <Button look="plain">{t('desk.gift_card.correct.button')}</Button>
        </div>
      </form>
    </section>
  );
}
