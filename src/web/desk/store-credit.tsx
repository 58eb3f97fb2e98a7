import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { memberOfEmail, namesOf, peopleLike } from '#modules/identity/index.ts';
import { creditMember, creditsOfMember, type KeptAccount } from '#modules/payments/index.ts';
import { PERSONAL_READERS } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { ordersByWords } from '#read/orders-by-words.ts';
import { refundOrders } from '#read/refund-orders.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { type Ledger, ledgerOf, LedgerTable } from './account-ledger.tsx';
import { accountState, GiftFields, ReasonField } from './gift-fields.tsx';
import { giveFault } from './gift-cards.tsx';
import { GiftBody, type GiftErrors, giftIn, type TypedGift } from './gift-form.ts';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/store-credit';
const FOUND_MAX = 20;

interface View {
  memberId: string;
  name: string;
  credits: readonly { account: KeptAccount; ledger: Ledger }[];
  typed: TypedGift;
  errors: GiftErrors;
  fault?: string;
  now: Date;
  timeZone: string;
}

/** Members' store credit: who has some, how it came and went, and more of it. */
export const storeCreditPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  app.get(
    PATH,
    page(PERSONAL_READERS, { querystring: Type.Object({ words: Text(120) }) }),
    async ({ query: { words } }, reply) => {
      const found = await membersBy(reads, words.trim());
      return reply.page((about) => <FindPage page={about} words={words.trim()} found={found} />);
    },
  );

  const params = exactly({ id: Id });
  const blank = (): TypedGift => ({ id: newId(), amount: '', currency: config.currency, reason: '' });
  const show = async (
    reply: FastifyReply,
    memberId: string,
    said: Partial<Pick<View, 'typed' | 'errors' | 'fault'>>,
  ) => {
    const name = (await namesOf(reads, [`member:${memberId}`])).get(`member:${memberId}`);
    const accounts = await creditsOfMember(reads, memberId);
    if (name === undefined && accounts.length === 0) throw platformErrors.not_found({});
    const credits = await Promise.all(
      accounts.map(async (account) => ({ account, ledger: await ledgerOf(reads, account.id) })),
    );
    const more = { now: now(), timeZone: config.timeZone, typed: blank(), errors: {} };
    const view = { memberId, name: name ?? t('desk.store_credit.somebody'), credits, ...more, ...said };
    return reply.page((about) => <MemberPage page={about} view={view} />);
  };
  app.get(`${PATH}/:id`, page(PERSONAL_READERS, { params }), ({ params: { id } }, reply) =>
    show(reply, id, {}),
  );

  app.post(
    `${PATH}/:id`,
    page(PERSONAL_READERS, { params, body: GiftBody }),
    async ({ viewer, params: { id: memberId }, body, headers }, reply) => {
      const { gift, errors } = giftIn(body, config.timeZone, now());
      if (errors) return show(reply.code(422), memberId, { typed: body, errors });
      try {
        await inTransaction(db, (tx) => creditMember(tx, viewer, { ...gift, memberId }, deps));
      } catch (error) {
        const fault = giveFault(error, headers['accept-language']);
        return show(reply.code(409), memberId, { typed: { ...body, id: newId() }, fault });
      }
      return sendOn(reply, `${PATH}/${memberId}`, 'desk.store_credit.is_granted');
    },
  );
};

interface Found {
  memberId: string;
  name: string;
}

/** By e-mail address, by the number of an order, or by a part of a name. */
async function membersBy(reads: Db, words: string): Promise<Found[]> {
  const ids = words === '' ? [] : await memberIdsBy(reads, words);
  const names = await namesOf(
    reads,
    ids.map((id) => `member:${id}`),
  );
  return ids.map((memberId) => ({
    memberId,
    name: names.get(`member:${memberId}`) ?? t('desk.store_credit.somebody'),
  }));
}

async function memberIdsBy(reads: Db, words: string): Promise<string[]> {
  if (words.includes('@')) {
    const memberId = await memberOfEmail(reads, words);
    return memberId === undefined ? [] : [memberId];
  }
  const orders = await refundOrders(reads, await ordersByWords(reads, words));
  const buyers = [...orders.values()].flatMap(({ memberId }) => memberId ?? []);
  if (buyers.length > 0) return [...new Set(buyers)].slice(0, FOUND_MAX);
  const people = await peopleLike(reads, words);
  return people.flatMap((each) => /^member:(.+)$/.exec(each)?.[1] ?? []).slice(0, FOUND_MAX);
}

function FindPage({ page: about, words, found }: { page: Page; words: string; found: readonly Found[] }) {
  return (
    <DeskShell page={about} title={t('desk.store_credit')}>
      <header class="desk-head">
        <h1>{t('desk.store_credit')}</h1>
        <p class="soft">{t('desk.store_credit.lead')}</p>
      </header>
      <form action={PATH} class="gift-search" role="search" aria-label={t('desk.store_credit.words')}>
        <Field
          name="words"
          type="search"
          label={t('desk.store_credit.words')}
          hint={t('desk.store_credit.words.hint')}
          value={words}
          input={{ maxlength: 120, autocomplete: 'off' }}
        />
        <div class="actions">
          <Button>{t('desk.gift_cards.find')}</Button>
        </div>
      </form>
      {found.length === 0 ? (
        <EmptyState
          title={words === '' ? t('desk.store_credit.ask.title') : t('desk.store_credit.nobody.title')}
          text={words === '' ? t('desk.store_credit.ask.text') : t('desk.store_credit.nobody.text')}
        />
      ) : (
        <Table
          caption={t('desk.store_credit')}
          rows={found}
          rowKey={({ memberId }) => memberId}
          columns={[
            {
              title: t('desk.store_credit.member'),
              cell: ({ memberId, name }) => <a href={`${PATH}/${memberId}`}>{name}</a>,
            },
          ]}
        />
      )}
    </DeskShell>
  );
}

function MemberPage({ page: about, view }: { page: Page; view: View }) {
  const { name, credits, fault, now, timeZone } = view;
  const { format } = about;
  const title = t('desk.store_credit.of', { name });
  return (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
        <p>
          <a href={PATH}>{t('desk.store_credit.back')}</a>
        </p>
      </header>
      {fault && <Notice kind="error">{fault}</Notice>}
      {credits.length === 0 && (
        <EmptyState title={t('desk.store_credit.none.title')} text={t('desk.store_credit.none.text')} />
      )}
      {credits.map(({ account, ledger }) => (
        <section key={account.id} aria-labelledby={`in-${account.currency}`}>
          <h2 id={`in-${account.currency}`}>
            <a href={`/desk/gift-cards/${account.id}`}>
              {format.money(account.balanceMinor, account.currency)}
            </a>{' '}
            <span class="soft">{accountState(account, now)}</span>
          </h2>
          <LedgerTable
            ledger={ledger}
            currency={account.currency}
            caption={t('desk.gift_card.credit', { currency: account.currency })}
            format={format}
            timeZone={timeZone}
          />
        </section>
      ))}
      <GrantForm view={view} />
    </DeskShell>
  );
}

function GrantForm({ view: { memberId, typed, errors } }: { view: View }) {
  return (
    <section class="admin-form panel" aria-labelledby="grant">
      <h2 id="grant">{t('desk.store_credit.grant')}</h2>
      <form method="post" action={`${PATH}/${memberId}`} class="form" novalidate>
        <div class="form-row">
          <GiftFields typed={typed} errors={errors} />
        </div>
        <ReasonField value={typed.reason} error={errors.reason} />
        <div class="actions">
          <Button>{t('desk.store_credit.grant.button')}</Button>
        </div>
      </form>
    </section>
  );
}
