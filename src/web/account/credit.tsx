import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  type AccountEntry,
  accountEntries,
  creditsOfMember,
  type KeptAccount,
} from '#modules/payments/index.ts';
import type { Deps } from '#platform/module.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { Table } from '../components/Table.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';

const ENTRIES_MAX = 100;

interface Credit extends KeptAccount {
  entries: AccountEntry[];
}

/** What a member may spend here, in each currency, and how it came and went. */
export const creditPages: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, config: { timeZone } }) => {
  app.get('/account/credit', page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    const credits = await Promise.all(
      (await creditsOfMember(reads, memberId)).map(async (account): Promise<Credit> => {
        const entries = await accountEntries(reads, account.id, ENTRIES_MAX);
        return { ...account, entries };
      }),
    );
    return reply.page((about) => (
      <Layout page={about} title={t('account.credit')} index={false}>
        <div class="wrap narrow gift-page">
          <h1>{t('account.credit')}</h1>
          {credits.length === 0 ? (
            <EmptyState title={t('account.credit.none.title')} text={t('account.credit.none.text')} />
          ) : (
            <p class="lead">{t('account.credit.text')}</p>
          )}
          {credits.map((credit) => (
            <History key={credit.id} page={about} credit={credit} timeZone={timeZone} />
          ))}
        </div>
      </Layout>
    ));
  });
};

function History({ page: { format }, credit, timeZone }: { page: Page; credit: Credit; timeZone: string }) {
  const { currency, balanceMinor, isBlocked, entries } = credit;
  return (
    <section aria-labelledby={`in-${currency}`}>
      <h2 id={`in-${currency}`}>
        {t('account.credit.left', { amount: format.money(balanceMinor, currency) })}
      </h2>
      {isBlocked && <p>{t('account.credit.blocked')}</p>}
      <Table
        caption={t('account.credit.history', { currency })}
        rows={entries}
        rowKey={({ key }) => key}
        cards
        columns={[
          {
            title: t('desk.gift_card.when'),
            cell: ({ occurredAt }) => format.dateTime(occurredAt, timeZone),
          },
          { title: t('desk.gift_card.what'), cell: ({ kind }) => t(`account.credit.did.${kind}`) },
          {
            title: t('desk.gift_card.amount'),
            figures: true,
            cell: ({ kind, amountMinor }) =>
              kind === 'blocked' || kind === 'freed' ? null : format.money(amountMinor, currency),
          },
          {
            title: t('desk.gift_card.order'),
            cell: ({ orderId }) => orderId && <a href={`/orders/${orderId}`}>{t('account.credit.order')}</a>,
          },
        ]}
      />
    </section>
  );
}

/** On the account's own page: what is left in each currency. */
export function CreditPart({ page: { format }, credits }: { page: Page; credits: readonly KeptAccount[] }) {
  if (credits.length === 0) return null;
  return (
    <section aria-labelledby="credit">
      <h2 id="credit">{t('account.credit')}</h2>
      <p class="soft">{t('account.credit.text')}</p>
      <ul class="rows">
        {credits.map(({ id, balanceMinor, currency }) => (
          <li key={id}>
            <strong>{format.money(balanceMinor, currency)}</strong>
            <a href="/account/credit">{t('account.credit.see')}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
