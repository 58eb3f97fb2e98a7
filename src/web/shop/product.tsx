import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { jsxTemplate } from 'preact/jsx-runtime';
import { renderToString } from 'preact-render-to-string';
import { Type } from 'typebox';
import type { ProductDetail, ProductVariant } from '#modules/catalog/index.ts';
import type { Choice } from '#modules/experiments/index.ts';
import { type LookCard, looksWith } from '#modules/looks/index.ts';
import { type Later, laterOf } from '#modules/inventory/index.ts';
import {
  type DeliveryWindow,
  type Senders,
  sendersAt,
  routeLater,
  windowOf,
} from '#modules/routing/index.ts';
import type { Db } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import { keepLast, readOnceIn } from '#platform/keep.ts';
import type { Deps } from '#platform/module.ts';
import { Slug } from '#platform/schema.ts';
import { type BoardsWith, boardsWithProduct } from '#read/boards-with.ts';
import {
  type ComparedProduct,
  productPage as readProductPage,
  type ProductPageData,
} from '#read/product-page.ts';
import { BoardsOfProduct } from '../boards/boards-of-product.tsx';
import { Breadcrumbs, type Crumb } from '../components/Breadcrumbs.tsx';
import { sharedPicture } from '../components/Picture.tsx';
import { ShareLink } from '../components/ShareLink.tsx';
import { type Format, formatFor } from '../format.ts';
import { factsText, type JsonLdObject, withFacts } from '../json-ld.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { keepRendered } from '../rendered.tsx';
import { BuyForm } from './buy-form.tsx';
import { soonestOf, withComing } from './coming.ts';
import { Comparison } from './comparison.tsx';
import { productSaid } from './happened.ts';
import { minuteOf } from './opening-hours.ts';
import { productCrumbs, productFacts } from './product-facts.ts';
import { LooksOfProduct } from '../looks/looks-of-product.tsx';
import { Gallery } from './product-gallery.tsx';
import { MakerStory } from './product-maker.tsx';
import { ProductSections } from './product-sections.tsx';
import { ProductHead, ThreeViews } from './product-views.tsx';
import { postsShowing, SeenInPosts } from '../posts/seen-in-posts.tsx';
import { type Place, placeOf } from './place-cookie.ts';
import { regionFor, type Today, todayFor } from './place-promise.ts';
import { ProductWords, type Said, saidOf, wordFacts } from '../reviews/product-words.tsx';
import { storeOf } from './store-cookie.ts';
import { StoreStock } from './store-stock.tsx';

const COMPARED_MAX = 4;
const KEPT_MAX = 300;

/** For this long a page may not know of a cut-off that has passed; the checkout does. */
const SENDERS_MS = 5_000;
const keepPromise = keepLast<DeliveryWindow | undefined>(KEPT_MAX);

export const productPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, now }) => {
  const senders = readOnceIn(SENDERS_MS, now, () => sendersAt(reads, now()));
  app.get('/p/:slug', page('public', { params: Type.Object({ slug: Slug }) }), async (request, reply) => {
    const { params, query, currency } = request;
    const [data, known] = await Promise.all([
      readProductPage(reads, params.slug, currency.prices),
      senders(),
    ]);
    if (!data) throw platformErrors.not_found({});
    const peopleAt = await reply.trial('product_people');
    const { option } = query as { option?: string | string[] };
    const wanted = [option ?? []].flat();
    const chosen = variantFor(data.product, wanted);
    const ids = data.product.variants.map(({ id }) => id);
    const place = placeOf(request, formatFor(request.headers['accept-language']));
    const [region, today] = await Promise.all([
      regionFor(reads, place),
      todayFor(reads, chosen, place, { currency: currency.code, now: now() }),
    ]);
    const later = data.isAhead ? await laterOf(reads, ids, now()) : NOTHING_LATER;
    const hasAhead = data.similar.some(({ isAhead }) => isAhead);
    const similar = hasAhead ? await withComing(reads, data.similar, now()) : data.similar;
    const asked = new URL(request.url, 'http://shop').search;
    const rated = JSON.stringify(data.rating);
    const people = await reply.keptParts(`${params.slug}${asked}`, rated, async (about) => {
      const found = await conversationOn(reads, request.viewer.memberId, data.product, query, now());
      return peopleParts(about, data, found);
    });
    return reply.page((about) => {
      const madeOf = [data, chosen, known, region, keyOf(later)];
      const promise = keepPromise(`${params.slug} ${currency.code}`, madeOf, () =>
        promiseOf(data, chosen, later, known, region),
      );
      const store = storeOf(request);
      const shown = { data, chosen, later, similar, promise, place, today, store, people, peopleAt };
      return <ProductView page={about} shown={shown} wanted={wanted} now={now()} />;
    });
  });
};

/** What people made and said of it, as the viewer may find it. */
interface Conversation {
  /** Posts in which it is to be seen. */
  seen: Awaited<ReturnType<typeof postsShowing>>;
  looks: readonly LookCard[];
  boards: BoardsWith;
  said: Said;
}

async function conversationOn(
  reads: Db,
  viewer: string | undefined,
  product: ProductDetail,
  query: unknown,
  now: Date,
): Promise<Conversation> {
  const [seen, looks, boards, said] = await Promise.all([
    postsShowing(reads, viewer, product.id),
    looksWith(reads, viewer, product.id),
    boardsWithProduct(reads, viewer, product.id),
    saidOf(reads, viewer, product, query, now),
  ]);
  return { seen, looks, boards, said };
}

/** The facts about it, and its sections. */
function peopleParts(about: Page, { product, rating }: ProductPageData, found: Conversation): string[] {
  const { looks, boards, seen, said } = found;
  const sections = (
    <>
      <div id="people">
        <LooksOfProduct productId={product.id} looks={looks} />
        <BoardsOfProduct found={boards} />
        <SeenInPosts slug={product.slug} found={seen} />
      </div>
      <ProductWords page={about} product={product} rating={rating} said={said} />
    </>
  );
  const facts = wordFacts(`${about.origin}/p/${product.slug}`, said);
  return [JSON.stringify(facts), renderToString(sections)];
}

/** When one of the chosen would come by the first way of delivery, if it were ordered now. */
function promiseOf(
  { delivery, free }: ProductPageData,
  chosen: ProductVariant | undefined,
  later: Laters,
  senders: Senders,
  region: string,
): DeliveryWindow | undefined {
  if (!delivery || !chosen) return undefined;
  const wanted = [{ variantId: chosen.id, quantity: 1 }];
  const route = routeLater(wanted, senders, { free, later }, region);
  return windowOf(route, delivery);
}

/** What may be ordered before it is here, by variant. */
type Laters = ReadonlyMap<string, Later>;
const NOTHING_LATER: Laters = new Map();
const keyOf = (later: Laters | Later | undefined): string =>
  later === undefined || later === NOTHING_LATER
    ? ''
    : JSON.stringify(later instanceof Map ? [...later] : later);

type Compared = ComparedProduct & { later?: Later };

interface Shown {
  data: ProductPageData;
  chosen: ProductVariant | undefined;
  later: Laters;
  /** Shown beside it. */
  similar: readonly Compared[];
  promise: DeliveryWindow | undefined;
  /** Where the visitor said that things go, or their country; and how it is brought there today. */
  place: Place | undefined;
  today: Today | undefined;
  /** The code of the store that the visitor stands in, or stood in last. */
  store: string | undefined;
  /** What people made and said of it: the facts, for machines, and the sections. */
  people: readonly string[];
  /** Where that stands: an experiment may move it. */
  peopleAt: Choice<'product_people'>;
}

interface Props {
  page: Page;
  shown: Shown;
  /** Option values that the address asks for: `?option=Sage`. */
  wanted: readonly string[];
  now: Date;
}

const keep = keepRendered(KEPT_MAX);
const keepRest = keepRendered(KEPT_MAX);
const keepFacts = keepLast<string>(KEPT_MAX);

function ProductView({ page: about, shown, wanted, now }: Props) {
  const { data, later, promise } = shown;
  const { product } = data;
  const [facts = '[]', sections = ''] = shown.people;
  const { format, origin, currency } = about;
  const { beside } = currency;
  const name = `${product.slug} ${currency.code}`;
  const crumbs = productCrumbs(product);
  const days = [promise?.promisedFrom, promise?.promisedTo];
  const coming = [later, ...shown.similar.map((each) => each.later)].map(keyOf).join('\n');
  const where = JSON.stringify([shown.place, shown.today]);
  const madeOf = [data, format, wanted.join('\n'), minuteOf(now), shown.store, coming, where, ...days];
  return (
    <Layout
      page={about}
      title={product.brand ? `${product.title}, ${product.brand.name}` : product.title}
      description={product.summary || t('product.description', { title: product.title })}
      canonical={`/p/${product.slug}`}
      kind="product"
      happened={{ name: 'Product Viewed', facts: productSaid(product, shown.chosen) }}
      image={sharedPicture(product.pictures[0] ?? null)}
      jsonLd={withFacts(
        keepFacts(name, [data, origin, keyOf(later)], () =>
          factsText(productFacts(data, crumbs, origin, later)),
        ),
        JSON.parse(facts) as JsonLdObject[],
      )}
    >
      {keep(name, madeOf, () => (
        <ProductTop shown={shown} crumbs={crumbs} now={now} format={format} beside={beside} />
      ))}
      {shown.peopleAt === 'above' && jsxTemplate([sections])}
      {keepRest(name, madeOf, () => (
        <ProductRest shown={shown} format={format} beside={beside} />
      ))}
      {shown.peopleAt === 'below' && jsxTemplate([sections])}
    </Layout>
  );
}

interface ContentProps {
  shown: Shown;
  crumbs: readonly Crumb[];
  now: Date;
  format: Format;
  beside: string | undefined;
}

/** What is bought and how: the same for every viewer, and rendered once for the same data. */
function ProductTop({ shown, crumbs, now, format, beside }: ContentProps) {
  const { data, chosen, later } = shown;
  const { product } = data;
  const tint = product.brand?.colour ?? product.pictures[0]?.colour;
  return (
    <>
      <div class="tinted" style={tint ? { '--tint': tint } : undefined}>
        <div class="wrap">
          <Breadcrumbs crumbs={crumbs} />
          <div class="product">
            <Gallery pictures={product.pictures} title={product.title} />
            <div class="product-buy" id="buy">
              <ProductHead data={data} format={format} />
              <BuyForm
                product={product}
                chosen={chosen}
                later={later}
                now={now}
                format={format}
                beside={beside}
              />
              <StoreStock {...shown} now={now} format={format} />
              <form method="post" action="/compare" class="product-compare">
                <button
                  name="p"
                  value={product.slug}
                  class="text-button"
                  data-compare={product.slug}
                  aria-pressed="false"
                >
                  {t('compare.remember')}
                </button>
                <a class="text-button" href={`/save?product=${product.id}`}>
                  {t('boards.save.title')}
                </a>
                <ShareLink name="Product Shared" facts={productSaid(product, chosen)} />
              </form>
            </div>
            <ThreeViews data={data} format={format} />
          </div>
        </div>
      </div>
    </>
  );
}

/** What the maker says of it, and what is like it. */
function ProductRest({ shown, format, beside }: Pick<ContentProps, 'shown' | 'format' | 'beside'>) {
  return (
    <>
      <ProductSections {...shown.data} />
      <Below shown={shown} format={format} beside={beside} />
      <compare-tray class="compare-tray" hidden>
        <a href="/compare">{t('compare.open')}</a> <output />
      </compare-tray>
    </>
  );
}

/** What the address asks for; otherwise the first that is in stock, or the first: of those sold in the currency. */
function variantFor({ variants }: ProductDetail, wanted: readonly string[]) {
  const asked =
    wanted.length > 0 &&
    variants.find(({ optionValues }) => wanted.every((value) => optionValues.includes(value)));
  const sold = variants.filter(({ price }) => price);
  return asked || sold.find(({ inStock }) => inStock) || sold[0] || variants[0];
}

function Below({
  shown: { data, later: laters, similar },
  format,
  beside,
}: Pick<ContentProps, 'shown' | 'format' | 'beside'>) {
  const { product, rating, isAhead, maker } = data;
  const later = product.inStock ? undefined : soonestOf([...laters.values()]);
  const compared: Compared[] = [
    { ...product, picture: product.pictures[0] ?? null, rating, isAhead, ...(later && { later }) },
    ...similar,
  ];
  return (
    <div class="wrap">
      {product.description && (
        <section class="section product-about" aria-labelledby="about">
          <h2 id="about">{t('product.about')}</h2>
          <div class="prose">
            {product.description.split(/\n\s*\n/).map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </div>
        </section>
      )}
      {similar.length > 0 && (
        <section class="section" aria-labelledby="compare">
          <div class="section-head">
            <h2 id="compare">{t('compare.title')}</h2>
            <p class="soft small">{t('compare.marked')}</p>
          </div>
          <Comparison products={compared.slice(0, COMPARED_MAX)} format={format} beside={beside} />
        </section>
      )}
      {maker?.story && <MakerStory maker={maker} format={format} />}
    </div>
  );
}
