import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Deps } from '#platform/module.ts';
import { auditPage } from './audit.tsx';
import { deliveryPages } from './delivery.tsx';
import { collectorPage } from './collector.tsx';
import { collectorLetterPage } from './collector-letter.tsx';
import { creditsPage } from './credits.tsx';
import { creditLinesPage } from './credit-lines.tsx';
import { customerPage } from './customer.tsx';
import { customersPage } from './customers.tsx';
import { deskHomePage } from './home.tsx';
import { deskLive } from './live.ts';
import { exportsPage } from './exports.tsx';
import { findingPage } from './finding.tsx';
import { giftCardPage } from './gift-card.tsx';
import { giftCardPages } from './gift-cards.tsx';
import { experimentPages } from './experiments.tsx';
import { guidanceSetPrice } from './guidance-set-price.tsx';
import { guidancePages } from './guidance.tsx';
import { guidanceRulesPages } from './guidance-rules.tsx';
import { marketPage } from './market.tsx';
import { marketDocuments } from './market-documents.tsx';
import { marketFiles } from './market-files.tsx';
import { retentionPage } from './retention.tsx';
import { orderPage } from './order.tsx';
import { orderContacts } from './order-contacts.tsx';
import { letterPages } from './letters.tsx';
import { legalDeskPage } from './legal.tsx';
import { moderationPage } from './moderation.tsx';
import { moderationRulesPage } from './moderation-rules.tsx';
import { concernPages } from './moderation-concern.tsx';
import { ordersPage } from './orders.tsx';
import { qualityPage } from './quality.tsx';
import { refundPages } from './refunds.tsx';
import { regionPostcodesPage } from './region-postcodes.tsx';
import { regionsPage } from './regions.tsx';
import { stockPage } from './stock.tsx';
import { stockFilePages } from './stock-files.tsx';
import { purchasePage } from './stock-purchase.tsx';
import { purchasePages } from './stock-purchases.tsx';
import { transferPage } from './stock-transfer.tsx';
import { transferPages } from './stock-transfers.tsx';
import { stockVariantPage } from './stock-variant.tsx';
import { priceFilePage } from './price-file.tsx';
import { listedPricePages, priceListPage } from './price-list.tsx';
import { pricesPage } from './prices.tsx';
import { promotionPages } from './promotions.tsx';
import { fulfilmentOrderPage, fulfilmentShipment } from './fulfilment-order.tsx';
import { fulfilmentPages } from './fulfilment.tsx';
import { makersPage } from './makers.tsx';
import { organizationPages } from './organizations.tsx';
import { reviewEmbedPage } from './review-embed.tsx';
import { reviewSettingPages } from './review-settings.tsx';
import { reviewPages } from './reviews.tsx';
import { registerPage, registerShiftPage } from './register.tsx';
import { registersPage } from './registers.tsx';
import { correctFeesPage } from './correct-fees.tsx';
import { contactRatesPage } from './contact-rates.tsx';
import { paymentFeesPage } from './payment-fees.tsx';
import { marketingPage } from './marketing.tsx';
import { serveRatesPage } from './serve-rates.tsx';
import { satisfactionPages } from './satisfaction.tsx';
import { servicePage } from './service.tsx';
import { routingPage } from './routing.tsx';
import { exchangeEnds, returnPage } from './return.tsx';
import { returnRulesPage } from './return-rules.tsx';
import { returnsPage } from './returns.tsx';
import { startReturnPages } from './start-return.tsx';
import { taxesPage } from './taxes.tsx';
import { storeCreditPages } from './store-credit.tsx';
import { sharingPage, territoriesPage } from './territories.tsx';
import { webhookPage } from './webhook.tsx';
import { webhooksPage } from './webhooks.tsx';

/** Every page of the desk. */
export const deskPages: FastifyPluginAsyncTypebox<Deps>[] = [
  deskHomePage,
  marketPage,
  marketFiles,
  marketDocuments,
  experimentPages,
  guidancePages,
  guidanceSetPrice,
  guidanceRulesPages,
  findingPage,
  retentionPage,
  ordersPage,
  orderPage,
  orderContacts,
  stockPage,
  stockFilePages,
  transferPages,
  transferPage,
  purchasePages,
  purchasePage,
  stockVariantPage,
  fulfilmentPages,
  fulfilmentOrderPage,
  returnsPage,
  returnRulesPage,
  startReturnPages,
  returnPage,
  exchangeEnds,
  refundPages,
  giftCardPages,
  giftCardPage,
  storeCreditPages,
  fulfilmentShipment,
  servicePage,
  satisfactionPages,
  routingPage,
  customersPage,
  customerPage,
  reviewPages,
  reviewEmbedPage,
  reviewSettingPages,
  makersPage,
  organizationPages,
  registersPage,
  registerPage,
  registerShiftPage,
  pricesPage,
  priceListPage,
  listedPricePages,
  priceFilePage,
  promotionPages,
  taxesPage,
  deliveryPages,
  marketingPage,
  creditsPage,
  creditLinesPage,
  serveRatesPage,
  paymentFeesPage,
  correctFeesPage,
  territoriesPage,
  sharingPage,
  regionsPage,
  regionPostcodesPage,
  contactRatesPage,
  letterPages,
  legalDeskPage,
  moderationPage,
  moderationRulesPage,
  concernPages,
  webhooksPage,
  webhookPage,
  collectorPage,
  collectorLetterPage,
  qualityPage,
  exportsPage,
  auditPage,
  deskLive,
];
