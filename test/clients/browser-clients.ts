import { RudderAnalytics } from '@rudderstack/analytics-js/bundled';
import { AnalyticsBrowser } from '@segment/analytics-next';

/** What a page of another shop does with the two clients, as they come. */
Object.assign(globalThis, {
  async sendBySegment(writeKey: string, host: string): Promise<void> {
    const [analytics] = await AnalyticsBrowser.load({ writeKey, cdnURL: host });
    await analytics.identify('ada', { plan: 'gold' });
    await analytics.page('Goods', 'Vases');
    await analytics.track('Product Added', {
      product_id: 'vase',
      quantity: 2,
      price: 18.99,
      currency: 'EUR',
    });
  },
  async sendByRudder(writeKey: string, host: string): Promise<void> {
    const analytics = new RudderAnalytics();
    const { promise, resolve } = Promise.withResolvers<void>();
    analytics.load(writeKey, host, { configUrl: host, onLoaded: () => resolve() });
    await promise;
    analytics.page('Goods', 'Bowls');
    analytics.track('Product Viewed', { product_id: 'bowl', price: 7.5, currency: 'EUR' });
  },
});
