import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { identityErrors } from '#modules/identity/index.ts';
import { giftCardBalance, paymentsErrors } from '#modules/payments/index.ts';
import { dayIn } from '#platform/days.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Layout } from '../layout.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { type Page, page, Text } from '../page.ts';

const PATH = '/gift-card';

interface View {
  typed: string;
  error?: string;
  card?: Awaited<ReturnType<typeof giftCardBalance>>;
  timeZone: string;
}

/** Whoever knows a card's code learns what is left on it. The code is posted: it stands in no address. */
export const giftCardPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { timeZone } = deps.config;
  const show = (reply: FastifyReply, view: Omit<View, 'timeZone'>) =>
    reply.page((about) => <GiftCardPage page={about} view={{ ...view, timeZone }} />);
  app.get(PATH, page('public'), (_request, reply) => show(reply, { typed: '' }));

  app.post(
    PATH,
    page('public', { body: exactly({ code: Text(60) }) }),
    async ({ body: { code }, ip }, reply) => {
      try {
        return show(reply, { typed: code, card: await giftCardBalance(deps, code, ip) });
      } catch (error) {
        const fault = error instanceof AppError ? FAULTS.get(error.code) : undefined;
        if (!fault) throw error;
        return show(reply.code(fault.status), { typed: code, error: say(fault.key) });
      }
    },
  );
};

const FAULTS = new Map<string, { status: number; key: PlainKey }>([
  [paymentsErrors.gift_card_unknown.code, { status: 422, key: 'gift_card.fault.unknown' }],
  [identityErrors.too_many_attempts.code, { status: 429, key: 'gift_card.fault.often' }],
]);

function GiftCardPage({ page: about, view }: { page: Page; view: View }) {
  const { typed, error, card, timeZone } = view;
  const { format } = about;
  return (
    <Layout page={about} title={t('gift_card.title')} canonical={PATH}>
      <div class="wrap narrow gift-page">
        <h1>{t('gift_card.title')}</h1>
        <p class="lead">{t('gift_card.lead')}</p>
        {card && (
          <Notice
            kind="success"
            title={t('gift_card.left', { amount: format.money(card.balanceMinor, card.currency) })}
          >
            {card.expiresAt && t('gift_card.until', { day: lastDay(card.expiresAt, timeZone, about) })}
          </Notice>
        )}
        <form method="post" action={PATH} class="form" novalidate>
          <Field
            name="code"
            label={t('gift_card.code')}
            hint={t('gift_card.code.hint')}
            value={typed}
            error={error}
            required
            input={{ autocomplete: 'off', maxlength: 60 }}
          />
          <Button>{t('gift_card.button')}</Button>
        </form>
      </div>
    </Layout>
  );
}

/** The day whose end it is good until. */
const lastDay = (expiresAt: Date, timeZone: string, { format }: Page) =>
  format.date(dayIn(timeZone, new Date(expiresAt.getTime() - 1)));
