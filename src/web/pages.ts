import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Deps } from '#platform/module.ts';
import { accountPlugins } from './account/index.ts';
import { apiReference } from './api-reference.tsx';
import { deskPages } from './desk/index.ts';
import { embeddedProduct } from './embed/product.tsx';
import { feedPlugins } from './feed/index.ts';
import { boardPlugins } from './boards/index.ts';
import { lookPlugins } from './looks/index.ts';
import { opinionPages } from './opinion/index.ts';
import { reviewPages } from './reviews/index.ts';
import { currencyForm } from './currency.ts';
import { aboutPage } from './shop/about.tsx';
import { makerPages } from './shop/brands.tsx';
import { cartPage } from './shop/cart.tsx';
import { placePage } from './shop/place.tsx';
import { categoryPage } from './shop/category.tsx';
import { checkoutPage } from './shop/checkout.tsx';
import { comparePage } from './shop/compare.tsx';
import { homePage } from './shop/home.tsx';
import { paymentPages } from './shop/payment-pages.tsx';
import { orderPages } from './shop/orders.tsx';
import { returnPages } from './shop/return-pages.tsx';
import { productPage } from './shop/product.tsx';
import { shelfLabel } from './shop/shelf-label.ts';
import { searchPage } from './shop/search.tsx';
import { giftCardPages } from './shop/gift-card.tsx';
import { storesPage } from './shop/stores.tsx';
import { postPlugins } from './posts/index.ts';
import { site } from './site.tsx';
import { safetyPages } from './safety/index.ts';
import { socialPages } from './social/index.ts';
import { siteFiles } from './site-files.ts';
import { googleReviews } from './google-reviews.ts';
import { sitemap } from './sitemap.ts';
import { tillPages } from './till/index.ts';

const shop = [
  homePage,
  categoryPage,
  searchPage,
  shelfLabel,
  productPage,
  comparePage,
  makerPages,
  storesPage,
  giftCardPages,
  placePage,
  cartPage,
  checkoutPage,
  orderPages,
  returnPages,
  paymentPages,
  aboutPage,
];

/** Every page: a plugin with its routes. */
export const pages: FastifyPluginAsyncTypebox<Deps>[] = [
  ...shop,
  ...accountPlugins,
  ...socialPages,
  ...boardPlugins,
  ...postPlugins,
  ...lookPlugins,
  ...reviewPages,
  ...opinionPages,
  ...safetyPages,
  embeddedProduct,
  ...feedPlugins,
  ...deskPages,
  ...tillPages,
  apiReference,
  currencyForm,
  siteFiles,
  googleReviews,
  sitemap,
  site,
];
