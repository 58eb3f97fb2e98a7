import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { orderByReceipt, RECEIPT_DAYS, receivedOf } from '#modules/reviews/index.ts';
import { questionLink } from '#modules/satisfaction/index.ts';
import type { Deps } from '#platform/module.ts';
import { type ProductName, productNames } from '#read/product-names.ts';
import { qrCode } from '../barcodes.tsx';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { originOf, page, type Page, Text } from '../page.ts';

/** As receipts carry it, and as people type it. */
const CODE_MAX = 80;
const Code = Type.Object({ code: Type.String({ minLength: 1, maxLength: CODE_MAX }) });

interface Bought {
  code: string;
  number: string;
  things: (ProductName & { isReviewed: boolean })[];
  /** Where the one question about the purchase is, while it can be asked. */
  opinion: string | undefined;
}

/** Where a receipt leads: what was bought, each with the form that says how it is. One thing alone, with nothing to ask about the purchase, is its form. */
export const receiptPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, config } = deps;
  app.get(
    '/review',
    page('public', { querystring: Type.Object({ code: Text(CODE_MAX) }) }),
    (request, reply) => {
      const code = request.query.code.trim();
      if (code !== '') return reply.redirect(`/review/${encodeURIComponent(code)}`, 303);
      return reply.page((about) => <AskCode page={about} typed="" />);
    },
  );

  app.get('/review/:code', page('public', { params: Code }), async (request, reply) => {
    const { code } = request.params;
    reply.header('referrer-policy', 'same-origin'); // the address is all that proves who bought it
    const order = await orderByReceipt(deps, code, request.ip);
    if (!order) {
      void reply.code(404);
      return reply.page((about) => <AskCode page={about} typed={code} error={t('receipt.unknown')} />);
    }
    const received = await receivedOf(db, order.orderId);
    const names = await productNames(
      reads,
      received.map(({ productId }) => productId),
    );
    const things = received.flatMap(({ productId, isReviewed }) => {
      const name = names.get(productId);
      return name ? [{ ...name, isReviewed }] : [];
    });
    const opinion = await questionLink(deps, order.orderId, 'receipt');
    const [only] = things;
    if (!opinion && things.length === 1 && only && !only.isReviewed)
      return reply.redirect(formOf(only.slug, code), 303);
    return reply.page((about) => (
      <BoughtPage page={about} bought={{ code, number: order.number, things, opinion }} />
    ));
  });

  // Tells nothing of the code: whether it is right is asked where it leads.
  app.get('/review/:code/qr.svg', { ...page('public', { params: Code }) }, async (request, reply) => {
    const address = `${originOf(config, request)}/review/${encodeURIComponent(request.params.code)}`;
    return reply
      .header('cache-control', 'private, max-age=3600')
      .type('image/svg+xml')
      .send(await qrCode(address));
  });
};

const formOf = (slug: string, code: string) => `/p/${slug}/review?order=${encodeURIComponent(code)}`;

function AskCode({ page: about, typed, error }: { page: Page; typed: string; error?: string }) {
  return (
    <Layout page={about} title={t('receipt.title')} index={false}>
      <div class="wrap account">
        <h1>{t('receipt.title')}</h1>
        <p class="lead">{t('receipt.lead', { days: RECEIPT_DAYS })}</p>
        <form action="/review" class="form">
          <Field
            name="code"
            label={t('receipt.code')}
            hint={t('receipt.code.hint')}
            value={typed}
            error={error}
            required
            input={{ maxlength: CODE_MAX, autocomplete: 'off' }}
          />
          <Button>{t('receipt.go')}</Button>
        </form>
      </div>
    </Layout>
  );
}

function BoughtPage({
  page: about,
  bought: { code, number, things, opinion },
}: {
  page: Page;
  bought: Bought;
}) {
  return (
    <Layout page={about} title={t('receipt.title')} index={false}>
      <div class="wrap account">
        <h1>{t('receipt.title')}</h1>
        <p class="lead">{t(things.length === 0 ? 'receipt.nothing_yet' : 'receipt.bought', { number })}</p>
        {opinion && (
          <p>
            {t('opinion.ask')} <a href={opinion}>{t('opinion.ask.button')}</a>
          </p>
        )}
        <ul class="rows">
          {things.map(({ slug, title, isReviewed }) => (
            <li key={slug}>
              <a href={`/p/${slug}`}>{title}</a>
              {isReviewed ? (
                <span class="soft">{t('receipt.reviewed')}</span>
              ) : (
                <a class="button plain" href={formOf(slug, code)}>
                  {t('words.write')}
                </a>
              )}
            </li>
          ))}
        </ul>
      </div>
    </Layout>
  );
}
