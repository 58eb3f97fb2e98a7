import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { productBySlug } from '#modules/catalog/index.ts';
import {
  addCode,
  addLine,
  type Cart,
  cartFor,
  type CartLine,
  cartOf,
  openCart,
  priceCartIn,
  ordersErrors,
  type PromisedOption,
  promisedOptions,
  removeCode,
  removeLine,
  setQuantity,
} from '#modules/orders/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id, Slug } from '#platform/schema.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { cartIdOf, forgetCart, rememberCart } from '../cart-cookie.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Notice } from '../components/Notice.tsx';
import { Picture } from '../components/Picture.tsx';
import { formatFor } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { SpecProduct } from '../snippet/ecommerce.ts';
import { t } from '../messages.ts';
import { type Page, page, sendOn, Text, wantsHtml } from '../page.ts';
import { lineWaitsText } from './waiting-text.ts';
import { arrivalText } from './arrival.ts';
import { type Place, placeOf } from './place-cookie.ts';
import { PlaceLine } from './place.tsx';
import { cartViewed, productSaid } from './happened.ts';
import { type CodeFault, Codes, DiscountRows, TaxRow } from './sums.tsx';

const OPTIONS_MAX = 6;
const Quantity = Type.Integer({ minimum: 1, maximum: 99 });

/** What a product's form sends: the values of its options, by their place. */
const Added = exactly({
  product: Slug,
  quantity: Quantity,
  goOn: Type.Optional(Type.Literal('checkout')),
  ...Object.fromEntries(
    Array.from({ length: OPTIONS_MAX }, (_, place) => [
      `option-${place}`,
      Type.Optional(Type.String({ maxLength: 120 })),
    ]),
  ),
});

export const cartPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;

  const show = async (request: FastifyRequest, reply: FastifyReply, fault?: CodeFault) => {
    const cart = await cartOfVisitor(deps, request);
    if (cart) rememberCart(reply, { id: cart.id, count: cart.units });
    else if (cartIdOf(request)) forgetCart(reply);
    const lines = cart?.lines ?? [];
    const place = placeOf(request, formatFor(request.headers['accept-language']));
    const ways =
      cart && lines.length > 0
        ? await promisedOptions(reads, cart, place?.countryCode, now(), place?.postcode)
        : [];
    return reply.page((about) => (
      <Layout
        page={{ ...about, cartCount: cart?.units ?? 0 }}
        title={t('cart.title')}
        index={false}
        happened={cart && cartViewed(cart)}
      >
        {cart && lines.length > 0 ? (
          <CartView page={about} cart={cart} ways={ways} place={place} fault={fault} />
        ) : (
          <NothingInIt />
        )}
      </Layout>
    ));
  };
  app.get('/cart', page('public'), (request, reply) => show(request, reply));

  app.post('/cart/codes', page('public', { body: CodeBody }), async (request, reply) => {
    const fault = await changeCodes(deps, request, request.body);
    if (!fault) return sendOn(reply, '/cart');
    return show(request, reply.code(422), fault);
  });

  app.post('/cart', page('public', { body: Added }), async (request, reply) => {
    const { product: slug, quantity, goOn, ...options } = request.body;
    const { beside } = request.currency;
    const { product, variant } = await variantNamed(
      reads,
      slug,
      options as Record<string, string | undefined>,
    );
    const { id: variantId } = variant;
    const code = beside ?? (await marketplaceCurrency(reads));
    const id = await inTransaction(db, async (tx) => {
      const cartId = await openCart(tx, request.viewer, cartIdOf(request), code);
      // It is bought at the price that was shown.
      await priceCartIn(tx, request.viewer, cartId, code);
      await addLine(tx, request.viewer, cartId, { variantId, quantity }, now());
      return cartId;
    });
    const added = { ...productSaid(product, variant), quantity };
    return changed(deps, request, reply, id, { added, next: goOn ? '/checkout' : '/cart' });
  });

  const Line = exactly({
    variant: Id,
    quantity: Type.Optional(Quantity),
    remove: Type.Optional(Type.Literal('yes')),
  });
  app.post('/cart/lines', page('public', { body: Line }), async (request, reply) => {
    const { variant: variantId, quantity, remove } = request.body;
    const { viewer } = request;
    const id = await inTransaction(db, async (tx) => {
      const cartId = await cartFor(tx, viewer, cartIdOf(request));
      if (cartId === undefined) return undefined;
      if (remove) await removeLine(tx, viewer, cartId, variantId);
      else if (quantity) await setQuantity(tx, viewer, cartId, { variantId, quantity }, now());
      return cartId;
    });
    return id === undefined ? sendOn(reply, '/cart') : changed(deps, request, reply, id);
  });
};

/** A code to be used, or one to be removed. */
export const CodeBody = exactly({ code: Text(60), uncode: Text(60) });
const CODE = /^[A-Za-z0-9][A-Za-z0-9-]{1,39}$/;

/** Does what a form about codes asks for; answers what is wrong with the code that was typed. */
export async function changeCodes(
  { db, now }: Deps,
  request: FastifyRequest,
  typed: { code: string; uncode: string },
): Promise<CodeFault | undefined> {
  const { viewer } = request;
  const [code, uncode] = [typed.code.trim(), typed.uncode.trim()];
  if (uncode === '' && !CODE.test(code)) return { code, reason: 'unknown' };
  try {
    await inTransaction(db, async (tx) => {
      const cartId = await cartFor(tx, viewer, cartIdOf(request));
      if (cartId === undefined) return;
      if (uncode) await removeCode(tx, viewer, cartId, uncode);
      else await addCode(tx, viewer, cartId, code, now());
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== ordersErrors.code_refused.code) throw error;
    return error.data as CodeFault;
  }
}

/** The cart that this visitor fills, with prices and stock of this moment. A guest without one costs no query. */
export async function cartOfVisitor({ db, now }: Deps, request: FastifyRequest): Promise<Cart | undefined> {
  const known = cartIdOf(request);
  const { viewer } = request;
  if (viewer.kind === 'guest' && known === undefined) return undefined;
  const id = await inTransaction(db, (tx) => cartFor(tx, viewer, known));
  const place = placeOf(request, formatFor(request.headers['accept-language']));
  return id === undefined ? undefined : cartOf(db, viewer, id, now(), place);
}

async function changed(
  { db, now }: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  cartId: string,
  { added, next = '/cart' }: { added?: SpecProduct; next?: '/cart' | '/checkout' } = {},
) {
  const cart = await cartOf(db, request.viewer, cartId, now());
  rememberCart(reply, { id: cartId, count: cart.units });
  if (wantsHtml(request)) return sendOn(reply, next);
  return reply.send({ count: cart.units, message: t('buy.added'), added });
}

/** A product without options has one variant; one with options needs a value for each. */
async function variantNamed(reads: Db, slug: string, options: Record<string, string | undefined>) {
  const product = await productBySlug(reads, slug);
  if (!product) throw platformErrors.not_found({});
  const variant = product.variants.find(({ optionValues }) =>
    optionValues.every((value, place) => options[`option-${place}`] === value),
  );
  if (!variant) throw platformErrors.not_found({});
  return { product, variant };
}

function NothingInIt() {
  return (
    <EmptyState level={1} title={t('cart.empty.title')} text={t('cart.empty.text')}>
      <ButtonLink href="/search">{t('home.action')}</ButtonLink>
    </EmptyState>
  );
}

interface Props {
  page: Page;
  cart: Cart;
  /** The first is the usual one. */
  ways: readonly PromisedOption[];
  place: Place | undefined;
  fault: CodeFault | undefined;
}

/** True when the line can't be ordered as it stands. */
export const isShort = ({ available, quantity, variant, waits }: CartLine) =>
  !variant || (available < quantity && !waits);

export const shortText = ({ available, variant, unpriced }: CartLine, currency: string) => {
  if (unpriced) return t('cart.not_in', { currency });
  if (!variant) return t('cart.gone');
  return available === 0 ? t('cart.line.none') : t('cart.line.short', { count: available });
};

function CartView({ page: about, cart, ways, place, fault }: Props) {
  const { format } = about;
  const { lines } = cart;
  const canOrder = !lines.some(isShort);
  const [usual] = ways;
  return (
    <div class="wrap">
      <Breadcrumbs crumbs={[{ name: t('home'), href: '/' }, { name: t('cart.title') }]} />
      <h1>{t('cart.title')}</h1>
      <div class="cart">
        <ul class="cart-lines">
          {lines.map((line) => (
            <li key={line.variantId} class="cart-line">
              <Line page={about} line={line} currency={cart.currency} />
            </li>
          ))}
        </ul>
        <aside class="summary" aria-label={t('cart.summary')}>
          <CartSums cart={cart} format={format} />
          <form method="post" action="/cart/codes">
            <Codes codes={cart.codes} fault={fault} action="/cart/codes" />
          </form>
          {ways.some(({ kind }) => kind === 'same_day') && <strong>{t('checkout.today')}</strong>}
          {usual?.promise && usual.kind !== 'same_day' && <p>{arrivalText(usual.promise, format)}</p>}
          <PlaceLine place={place} next="/cart" format={format} />
          <p class="soft small">{t('cart.delivery_later')}</p>
          {canOrder ? (
            <ButtonLink href="/checkout" class="wide">
              {t('cart.checkout')}
            </ButtonLink>
          ) : (
            <Notice kind="warning">{t('cart.short')}</Notice>
          )}
        </aside>
      </div>
    </div>
  );
}

function CartSums({ cart, format }: { cart: Cart; format: Page['format'] }) {
  const { goodsMinor, discounts, taxMinor, isTaxIncluded, totalMinor, currency } = cart;
  return (
    <>
      <dl class="sums">
        {discounts.length > 0 && (
          <div class="sum">
            <dt>{t('cart.pieces')}</dt>
            <dd>{format.money(goodsMinor, currency)}</dd>
          </div>
        )}
        <DiscountRows discounts={discounts} currency={currency} format={format} />
        {!isTaxIncluded && taxMinor !== null && (
          <TaxRow taxMinor={taxMinor} isTaxIncluded={false} currency={currency} format={format} />
        )}
        <div class="sum total">
          <dt>{t('cart.goods')}</dt>
          <dd>{format.money(totalMinor, currency)}</dd>
        </div>
        {isTaxIncluded && taxMinor !== null && (
          <TaxRow taxMinor={taxMinor} isTaxIncluded currency={currency} format={format} />
        )}
      </dl>
      {!isTaxIncluded && taxMinor === null && <p class="soft small">{t('sum.tax.later')}</p>}
    </>
  );
}

interface LineProps {
  page: Page;
  line: CartLine;
  currency: string;
}

function Line({ page: { format }, line, currency }: LineProps) {
  const { variant, variantId, quantity, netMinor } = line;
  const shown = variant ?? line.unpriced;
  const title = shown?.title ?? t('cart.gone');
  return (
    <>
      <Picture picture={shown?.picture ?? null} sizes="8rem" alt="" />
      <div class="cart-words">
        <h2>{shown ? <a href={`/p/${shown.slug}`}>{title}</a> : title}</h2>
        {shown?.options && <p class="soft small">{shown.options}</p>}
        {variant && quantity > 1 && (
          <p class="soft small">{t('cart.each', { price: format.money(variant.amountMinor, currency) })}</p>
        )}
        {shown && isShort(line) && <p class="cart-short">{shortText(line, currency)}</p>}
        {line.waits && <p class="soft small">{lineWaitsText(line, format)}</p>}
        <div class="cart-tools">
          {variant && (
            <quantity-box>
              <form method="post" action="/cart/lines">
                <input type="hidden" name="variant" value={variantId} />
                <label class="visually-hidden" for={`quantity-${variantId}`}>
                  {t('cart.quantity_of', { title })}
                </label>
                <input
                  id={`quantity-${variantId}`}
                  class="quantity"
                  type="number"
                  name="quantity"
                  value={quantity}
                  min={1}
                  max={99}
                  required
                />
                <button class="text-button">{t('cart.update')}</button>
              </form>
            </quantity-box>
          )}
          <form method="post" action="/cart/lines">
            <input type="hidden" name="variant" value={variantId} />
            <button class="text-button" name="remove" value="yes" aria-label={t('cart.remove_of', { title })}>
              {t('cart.remove')}
            </button>
          </form>
        </div>
      </div>
      <p class="cart-price figures">{variant && format.money(netMinor, currency)}</p>
    </>
  );
}
