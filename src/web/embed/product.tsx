import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Slug } from '#platform/schema.ts';
import { productPage, type ProductPageData } from '#read/product-page.ts';
import { Picture } from '../components/Picture.tsx';
import { Price } from '../components/Price.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { LatestSaid, type SaidOfIt, saidOfIt } from '../reviews/latest-said.tsx';

/** A product as a piece of another site's page: its price, its stars, what people said last. The same for everybody. */
export const embeddedProduct: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, config }) => {
  const schema = { params: Type.Object({ slug: Slug }) };
  const route = page('public', schema, { framedBy: config.embedIn });
  app.get('/embed/p/:slug', route, async ({ params: { slug }, currency }, reply) => {
    const data = await productPage(reads, slug, currency.prices);
    if (!data) throw platformErrors.not_found({});
    const said = await saidOfIt(reads, undefined, data.product.id);
    return reply.page((about) => <Embedded page={about} data={data} said={said} />);
  });
};

interface Props {
  page: Page;
  data: ProductPageData;
  said: SaidOfIt;
}

function Embedded({ page: { format, assets, shop, origin, currency }, data, said }: Props) {
  const { product } = data;
  const path = `/p/${product.slug}`;
  const prices = product.variants.flatMap(({ price }) => price ?? []);
  const lowest = prices.toSorted((one, other) => one.amountMinor - other.amountMinor)[0];
  const isFrom = prices.some(({ amountMinor }) => amountMinor !== lowest?.amountMinor);
  return (
    <html lang="en" data-surface="shop">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${product.title} · ${shop}`}</title>
        <link rel="canonical" href={origin + path} />
        <link rel="stylesheet" href={assets.style} />
      </head>
      <body>
        <main class="embed">
          {product.pictures[0] && (
            <Picture picture={product.pictures[0]} sizes="(min-width: 30rem) 12rem, 92vw" />
          )}
          <div>
            <h1>{product.title}</h1>
            <Price price={lowest ? { ...lowest, isFrom } : null} format={format} beside={currency.beside} />
            <LatestSaid said={said} slug={product.slug} format={format} isFramed />
            <p>
              <a class="button primary" href={path} target="_blank" rel="noopener">
                {t('embed.see', { shop })}
              </a>
            </p>
          </div>
        </main>
      </body>
    </html>
  );
}
