import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type ProductInShop, productInShop } from '#modules/catalog/index.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { t } from '../messages.ts';
import { type Page, page, Text } from '../page.ts';
import { ReviewShell } from './review-shell.tsx';

const PATH = '/desk/reviews/embed';

interface View {
  typed: string;
  product: ProductInShop | undefined;
  /** No site may show it. */
  isOff: boolean;
}

/** What another site puts into its page to show a product with what people say of it. */
export const reviewEmbedPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, config }) => {
  const querystring = exactly({ product: Text(120) });
  app.get(PATH, page('staff', { querystring }), async ({ query }, reply) => {
    const typed = query.product.trim();
    const product = typed === '' ? undefined : await productInShop(reads, { slug: typed });
    const view = { typed, product, isOff: config.embedIn === "'none'" };
    return reply.page((about) => <EmbedPage page={about} view={view} />);
  });
};

function EmbedPage({ page: about, view: { typed, product, isOff } }: { page: Page; view: View }) {
  return (
    <ReviewShell page={about} title={t('desk.reviews.embed')} lead={t('desk.reviews.embed.lead')}>
      {isOff && <Notice kind="info">{t('desk.reviews.embed.off')}</Notice>}
      <form action={PATH} class="form">
        <Field
          name="product"
          label={t('desk.reviews.product')}
          hint={t('desk.reviews.product.hint')}
          value={typed}
          error={typed !== '' && !product ? t('desk.reviews.product.unknown') : undefined}
          required
          input={{ maxlength: 120, autocomplete: 'off' }}
        />
        <div class="actions">
          <Button>{t('desk.reviews.embed.show')}</Button>
        </div>
      </form>
      {product && <Snippet page={about} product={product} />}
    </ReviewShell>
  );
}

function Snippet({
  page: { origin, shop },
  product: { slug, title },
}: {
  page: Page;
  product: ProductInShop;
}) {
  const name = t('desk.reviews.embed.title', { title, shop })
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;');
  const src = `${origin}/embed/p/${slug}`;
  return (
    <section class="panel" aria-labelledby="snippet">
      <h2 id="snippet">{t('desk.reviews.embed.code')}</h2>
      <pre class="embed-code" tabIndex={0}>
        <code>{`<iframe src="${src}" title="${name}" width="100%" height="520" loading="lazy" style="border:0"></iframe>`}</code>
      </pre>
      <p>
        <a href={`/embed/p/${slug}`}>{t('desk.reviews.embed.see')}</a>
      </p>
    </section>
  );
}
