import { account } from './en/account.ts';
import { boards } from './en/boards.ts';
import { collecting } from './en/collecting.ts';
import { collector } from './en/collector.ts';
import { common } from './en/common.ts';
import { credits } from './en/credits.ts';
import { customers } from './en/customers.ts';
import { desk } from './en/desk.ts';
import { deskMoney } from './en/desk-money.ts';
import { owned } from './en/owned.ts';
import { notices } from './en/notices.ts';
import { payments } from './en/payments.ts';
import { deskOrder } from './en/desk-order.ts';
import { deskOrderReturns } from './en/desk-order-returns.ts';
import { deskOrders } from './en/desk-orders.ts';
import { deskPrices } from './en/desk-prices.ts';
import { deskPricing } from './en/desk-pricing.ts';
import { posts } from './en/posts.ts';
import { prices } from './en/prices.ts';
import { looks } from './en/looks.ts';
import { pricing } from './en/pricing.ts';
import { giftCards } from './en/gift-cards.ts';
import { experiments } from './en/experiments.ts';
import { guidance } from './en/guidance.ts';
import { ground } from './en/ground.ts';
import { market } from './en/market.ts';
import { exchangeForms } from './en/exchange-forms.ts';
import { exchanges } from './en/exchanges.ts';
import { feed } from './en/feed.ts';
import { fulfilment } from './en/fulfilment.ts';
import { places } from './en/places.ts';
import { productViews } from './en/product-views.ts';
import { quality } from './en/quality.ts';
import { registers } from './en/registers.ts';
import { returns } from './en/returns.ts';
import { reviews } from './en/reviews.ts';
import { reviewsDesk } from './en/reviews-desk.ts';
import { reviewsWork } from './en/reviews-work.ts';
import { safety } from './en/safety.ts';
import { satisfaction } from './en/satisfaction.ts';
import { shop } from './en/shop.ts';
import { social } from './en/social.ts';
import { stock } from './en/stock.ts';
import { till } from './en/till.ts';
import { tillConflicts } from './en/till-conflicts.ts';
import { tillCounter } from './en/till-counter.ts';
import { tillReturns } from './en/till-returns.ts';
import { tillSell } from './en/till-sell.ts';
import { tillService } from './en/till-service.ts';
import { toCome } from './en/to-come.ts';
import { uses } from './en/uses.ts';
import { waiting } from './en/waiting.ts';
import { webhooks } from './en/webhooks.ts';

/** Every text that a page shows, in English. A second language is another object with the same keys. */
export const en = {
  ...common,
  ...safety,
  ...satisfaction,
  ...quality,
  ...shop,
  ...productViews,
  ...account,
  ...desk,
  ...stock,
  ...payments,
  ...deskMoney,
  ...pricing,
  ...prices,
  ...deskPrices,
  ...deskPricing,
  ...deskOrders,
  ...deskOrder,
  ...deskOrderReturns,
  ...fulfilment,
  ...owned,
  ...uses,
  ...ground,
  ...market,
  ...giftCards,
  ...places,
  ...credits,
  ...customers,
  ...registers,
  ...returns,
  ...exchanges,
  ...exchangeForms,
  ...toCome,
  ...waiting,
  ...webhooks,
  ...collector,
  ...experiments,
  ...guidance,
  ...collecting,
  ...social,
  ...boards,
  ...posts,
  ...looks,
  ...reviews,
  ...reviewsWork,
  ...reviewsDesk,
  ...feed,
  ...notices,
  ...till,
  ...tillConflicts,
  ...tillCounter,
  ...tillReturns,
  ...tillSell,
  ...tillService,
} as const;
