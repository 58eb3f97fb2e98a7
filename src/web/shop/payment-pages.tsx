import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { askedInExchange, comeBack, ordersErrors, readOrder } from '#modules/orders/index.ts';
import { answerTestPayment } from '#modules/payments/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { forgetCart } from '../cart-cookie.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { localPath, page, sendOn, Text } from '../page.ts';

/**
 * The way to a provider's page. A page of ours lies between, since a form of ours may not end on another site; the
 * browser goes on by itself, and by a link where it does not.
 */
export function sendAway(reply: FastifyReply, url: string) {
  reply.header('refresh', `0; url=${url}`);
  return reply.page((about) => (
    <Layout page={about} title={t('away.title')} index={false}>
      <div class="wrap narrow">
        <h1>{t('away.title')}</h1>
        <p>{t('away.text')}</p>
        <ButtonLink href={url}>{t('away.go')}</ButtonLink>
      </div>
    </Layout>
  ));
}

const RETURN_SECONDS = 5;
const TOO_LATE = new Map([
  [ordersErrors.order_given_up.code, 'checkout.given_up'],
  [ordersErrors.cart_not_found.code, 'checkout.given_up'],
] as const);

const ENDED = new Set([ordersErrors.order_given_up.code, ordersErrors.payment_declined.code]);

export const paymentPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const back = exactly({ order: Id, cart: Id });
  app.get('/checkout/return', page('public', { querystring: back }), async (request, reply) => {
    const { viewer, query } = request;
    const given = await askedInExchange(deps.db, { orderId: query.order, cartId: query.cart });
    try {
      const placed = await comeBack(deps, viewer, { orderId: query.order, cartId: query.cart });
      if (!placed) {
        reply.header('refresh', String(RETURN_SECONDS));
        return reply.page((about) => (
          <Layout page={about} title={t('waiting.title')} index={false}>
            <div class="wrap narrow">
              <h1>{t('waiting.title')}</h1>
              <p>{t('waiting.text')}</p>
              <ButtonLink href={about.path}>{t('waiting.look')}</ButtonLink>
            </div>
          </Layout>
        ));
      }
      // What is exchanged was in no cart of theirs: that stays.
      const isOfCart = (await readOrder(deps.db, placed.orderId)).inExchange === null;
      if (isOfCart) forgetCart(reply);
      const proof = viewer.kind === 'guest' ? `?cart=${query.cart}` : '';
      return sendOn(reply, `/orders/${placed.orderId}${proof}`, 'order.thanks');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (given && ENDED.has(error.code)) {
        const { ofOrderId, ofCartId } = given;
        return sendOn(reply, `/orders/${ofOrderId}${ofCartId ? `?cart=${ofCartId}` : ''}`, 'swap.unpaid');
      }
      const late = TOO_LATE.get(error.code);
      if (late) return sendOn(reply, '/checkout', late);
      if (error.code !== ordersErrors.payment_declined.code) throw error;
      const { reason } = error.data as { reason: string };
      return sendOn(reply, '/checkout', reason === 'abandoned' ? 'checkout.abandoned' : 'checkout.declined');
    }
  });

  if (deps.config.payments.stripe) return;
  // The page of the provider `test`: what a bank's would ask.
  const known = { params: exactly({ id: Id }) };
  const next = Type.Object({ to: Text(2000) });
  app.get('/payments/test/:id', page('public', { ...known, querystring: next }), (request, reply) =>
    reply.page((about) => (
      <Layout page={about} title={t('test_pay.title')} index={false}>
        <div class="wrap narrow">
          <h1>{t('test_pay.title')}</h1>
          <p>{t('test_pay.text')}</p>
          <form method="post" action={`/payments/test/${request.params.id}`} class="actions">
            <input type="hidden" name="to" value={ownPath(request.query.to)} />
            <Button name="answer" value="yes">
              {t('test_pay.yes')}
            </Button>
            <Button name="answer" value="no" look="plain">
              {t('test_pay.no')}
            </Button>
          </form>
        </div>
      </Layout>
    )),
  );
  const said = exactly({ to: Text(2000), answer: Type.Enum(['yes', 'no']) });
  app.post('/payments/test/:id', page('public', { ...known, body: said }), async (request, reply) => {
    const { to, answer } = request.body;
    const path = ownPath(to);
    await inTransaction(deps.db, (tx) => answerTestPayment(tx, request.params.id, answer === 'yes'));
    return reply.redirect(path, 303);
  });
};

/** The return page's path and query, whatever host the shop is known by. */
function ownPath(url: string): string {
  const { pathname, search } = URL.parse(url, 'http://shop.invalid') ?? { pathname: '/', search: '' };
  if (pathname !== '/checkout/return') throw platformErrors.not_found({});
  return localPath(pathname + search);
}
