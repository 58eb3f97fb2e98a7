import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  GIVE_DEFAULT_MINOR,
  giftCardBy,
  giftCards,
  type GiveLimit,
  giveLimits,
  type KeptAccount,
  paymentsErrors,
  setGiveLimit,
} from '#modules/payments/index.ts';
import { mayEnter, PERSONAL_READERS } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { isCurrency } from '#platform/money.ts';
import { exactly, Id } from '#platform/schema.ts';
import { ordersByWords } from '#read/orders-by-words.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { formatFor } from '../format.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { momentName } from './figures.tsx';
import { accountState, GiftFields, ReasonField } from './gift-fields.tsx';
import { GiftBody, type GiftErrors, giftIn, minorIn, type TypedGift } from './gift-form.ts';
import { DeskShell } from './shell.tsx';
import { addressOf } from './stock-query.ts';

const PATH = '/desk/gift-cards';
const SHOWN = 50;
/** Who sets how much others give: as the API's route says. */
const LIMITERS = 'staff:operations';

interface View {
  words: string;
  rows: readonly KeptAccount[];
  next: string | undefined;
  limits: readonly GiveLimit[];
  typed: TypedGift;
  errors: GiftErrors;
  limitErrors: { currency?: string; amount?: string };
  /** Of the card that was just issued. */
  issued?: { id: string; code: string };
  fault?: string;
  now: Date;
  timeZone: string;
}

type Said = Partial<Pick<View, 'typed' | 'errors' | 'limitErrors' | 'issued' | 'fault'>>;

/** Gift cards: found by what their owners know of them, issued, and how much may be given in a day. */
export const giftCardPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  const blank = (): TypedGift => ({
    id: newId(),
    amount: '',
    currency: config.currency,
    until: '',
    reason: '',
  });
  const show = async (reply: FastifyReply, said: Said, words = '', after?: string) => {
    const found = await cardsBy(db, reads, words, after);
    const rows = found.slice(0, SHOWN);
    const next = found.length > SHOWN ? rows.at(-1)?.id : undefined;
    const more = { limits: await giveLimits(db), now: now(), timeZone: config.timeZone };
    const view: View = { words, rows, next, typed: blank(), errors: {}, limitErrors: {}, ...more, ...said };
    return reply.page((about) => <CardsPage page={about} view={view} />);
  };

  const filters = Type.Object({ words: Text(120), after: Type.Optional(Id) });
  app.get(PATH, page(PERSONAL_READERS, { querystring: filters }), ({ query: { words, after } }, reply) =>
    show(reply, {}, words.trim(), after),
  );

  app.post(PATH, page(PERSONAL_READERS, { body: GiftBody }), async ({ viewer, body, headers }, reply) => {
    const { gift, errors } = giftIn(body, config.timeZone, now());
    if (errors) return show(reply.code(422), { typed: body, errors });
    try {
      const { code } = await inTransaction(db, (tx) => giftCardBy(tx, viewer, gift, deps));
      return show(reply, { issued: { id: gift.id, code } });
    } catch (error) {
      const typed = { ...body, id: newId() };
      const fault = giveFault(error, headers['accept-language']);
      return show(reply.code(409), { typed, fault });
    }
  });

  const limit = exactly({ currency: Text(3), amount: Text(20) });
  app.post(`${PATH}/limits`, page(LIMITERS, { body: limit }), async ({ viewer, body }, reply) => {
    const currency = body.currency.trim().toUpperCase();
    if (!isCurrency(currency))
      return show(reply.code(422), { limitErrors: { currency: say('desk.promotions.error.currency') } });
    const aDayMinor = minorIn(body.amount, currency);
    if (aDayMinor === undefined || aDayMinor < 0)
      return show(reply.code(422), { limitErrors: { amount: say('desk.gift_cards.limits.fault') } });
    await inTransaction(db, (tx) => setGiveLimit(tx, viewer, { currency, aDayMinor }, now()));
    return sendOn(reply, PATH, 'desk.gift_cards.limits.is_set');
  });
};

/** Why nothing was given, in words; a fault of ours goes on. */
export function giveFault(error: unknown, language: string | undefined): string {
  if (!(error instanceof AppError)) throw error;
  if (error.code === paymentsErrors.more_than_may_be_given.code) {
    const { leftMinor, currency } = error.data as { leftMinor: number; currency: string };
    return t('desk.gift_cards.fault.limit', { left: formatFor(language).money(leftMinor, currency) });
  }
  if (error.code === paymentsErrors.credit_to_oneself.code) return t('desk.store_credit.fault.oneself');
  if (error.code === paymentsErrors.account_differs.code) return t('desk.gift_cards.fault.spent');
  throw error;
}

/** What a card's code or its end looks like; all else is an order's number or a buyer's address. */
const CODE = /^(?:[2-9a-z]{4}|(?:[2-9a-z]{4}[\s-]?){3}[2-9a-z]{4})$/i;

async function cardsBy(db: Db, reads: Db, words: string, after: string | undefined): Promise<KeptAccount[]> {
  const page = { after, limit: SHOWN + 1 };
  if (words === '') return giftCards(db, page);
  if (CODE.test(words)) return giftCards(db, { code: words, ...page });
  const orderIds = await ordersByWords(reads, words);
  return orderIds.length === 0 ? [] : giftCards(db, { orderIds, ...page });
}

function CardsPage({ page: about, view }: { page: Page; view: View }) {
  const { words, next, issued, fault } = view;
  return (
    <DeskShell page={about} title={t('desk.gift_cards')}>
      <header class="desk-head">
        <h1>{t('desk.gift_cards')}</h1>
        <p class="soft">{t('desk.gift_cards.lead')}</p>
      </header>
      {issued && (
        <Notice kind="success" title={t('desk.gift_cards.code.title')}>
          <p>{t('desk.gift_cards.code.text')}</p>
          <p class="gift-code">
            <code>{issued.code}</code>
          </p>
          <p>
            <a href={`${PATH}/${issued.id}`}>{t('desk.gift_cards.code.see')}</a>
          </p>
        </Notice>
      )}
      {fault && <Notice kind="error">{fault}</Notice>}
      <form action={PATH} class="gift-search" role="search" aria-label={t('desk.gift_cards.words')}>
        <Field
          name="words"
          type="search"
          label={t('desk.gift_cards.words')}
          hint={t('desk.gift_cards.words.hint')}
          value={words}
          input={{ maxlength: 120, autocomplete: 'off' }}
        />
        <div class="actions">
          <Button>{t('desk.gift_cards.find')}</Button>
          {words !== '' && <a href={PATH}>{t('desk.gift_cards.all')}</a>}
        </div>
      </form>
      <Cards page={about} view={view} />
      {next !== undefined && (
        <nav class="actions" aria-label={t('list.pages')}>
          <ButtonLink href={addressOf(PATH, { words, after: next })} look="plain">
            {t('desk.gift_cards.more')}
          </ButtonLink>
        </nav>
      )}
      <IssueForm view={view} />
      <Limits page={about} view={view} />
    </DeskShell>
  );
}

function Cards({ page: { format }, view: { words, rows, now, timeZone } }: { page: Page; view: View }) {
  if (rows.length === 0) {
    return words === '' ? (
      <EmptyState title={t('desk.gift_cards.none.title')} text={t('desk.gift_cards.none.text')} />
    ) : (
      <EmptyState title={t('desk.gift_cards.nothing.title')} text={t('desk.gift_cards.nothing.text')} />
    );
  }
  const day = (at: Date) => momentName(format, at, timeZone, { year: 'numeric' });
  return (
    <Table
      caption={t('desk.gift_cards')}
      rows={rows}
      rowKey={({ id }) => id}
      cards
      columns={[
        {
          title: t('desk.gift_cards.end'),
          cell: ({ id, codeEnd }) => (
            <a href={`${PATH}/${id}`}>{t('desk.gift_cards.end.shown', { end: codeEnd ?? '' })}</a>
          ),
        },
        {
          title: t('desk.gift_cards.balance'),
          figures: true,
          cell: ({ balanceMinor, currency }) => format.money(balanceMinor, currency),
        },
        { title: t('desk.gift_cards.state'), cell: (card) => accountState(card, now) },
        { title: t('desk.gift_cards.issued'), cell: ({ createdAt }) => day(createdAt) },
        {
          title: t('desk.gift_cards.expires'),
          cell: ({ expiresAt }) => (expiresAt ? day(expiresAt) : t('desk.gift_cards.never')),
        },
      ]}
    />
  );
}

function IssueForm({ view: { typed, errors } }: { view: View }) {
  return (
    <section class="admin-form panel" aria-labelledby="issue">
      <h2 id="issue">{t('desk.gift_cards.issue')}</h2>
      <form method="post" action={PATH} class="form" novalidate>
        <div class="form-row">
          <GiftFields typed={typed} errors={errors} />
          <Field
            name="until"
            type="date"
            label={t('desk.gift_cards.until')}
            hint={t('desk.gift_cards.until.hint')}
            value={typed.until}
            error={errors.until}
            required={false}
          />
        </div>
        <ReasonField value={typed.reason} error={errors.reason} />
        <div class="actions">
          <Button>{t('desk.gift_cards.issue.button')}</Button>
        </div>
      </form>
    </section>
  );
}

function Limits({ page: { format, viewer }, view: { limits, limitErrors } }: { page: Page; view: View }) {
  return (
    <section class="admin-form panel" aria-labelledby="limits">
      <h2 id="limits">{t('desk.gift_cards.limits')}</h2>
      <p class="hint">{t('desk.gift_cards.limits.text', { amount: format.number(GIVE_DEFAULT_MINOR) })}</p>
      {limits.length > 0 && (
        <Table
          caption={t('desk.gift_cards.limits')}
          rows={limits}
          rowKey={({ currency }) => currency}
          columns={[
            { title: t('desk.gift_cards.limits.currency'), cell: ({ currency }) => currency },
            {
              title: t('desk.gift_cards.limits.day'),
              figures: true,
              cell: ({ aDayMinor, currency }) => format.money(aDayMinor, currency),
            },
          ]}
        />
      )}
      {mayEnter(viewer, LIMITERS) && (
        <form method="post" action={`${PATH}/limits`} class="form" novalidate>
          <div class="form-row">
            <div class="field">
              <label for="limit-currency">{t('desk.gift_cards.limits.currency')}</label>
              <input
                id="limit-currency"
                name="currency"
                maxLength={3}
                autocomplete="off"
                required
                {...(limitErrors.currency && { 'aria-invalid': 'true', 'aria-describedby': 'limit-error' })}
              />
            </div>
            <div class="field">
              <label for="limit-amount">{t('desk.gift_cards.limits.day')}</label>
              <input
                id="limit-amount"
                name="amount"
                inputMode="decimal"
                maxLength={20}
                autocomplete="off"
                required
                {...(limitErrors.amount && { 'aria-invalid': 'true', 'aria-describedby': 'limit-error' })}
              />
            </div>
          </div>
          {(limitErrors.currency ?? limitErrors.amount) && (
            <p class="field-error" id="limit-error">
              {limitErrors.currency ?? limitErrors.amount}
            </p>
          )}
          <div class="actions">
            <Button look="plain">{t('desk.gift_cards.limits.set')}</Button>
          </div>
        </form>
      )}
    </section>
  );
}
