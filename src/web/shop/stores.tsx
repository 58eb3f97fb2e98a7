import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Deps } from '#platform/module.ts';
import { shopFront, type Store } from '#read/shop-front.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Picture, sharedPicture } from '../components/Picture.tsx';
import type { Format } from '../format.ts';
import type { JsonLdObject } from '../json-ld.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page } from '../page.ts';
import { hoursOf, openNow } from './opening-hours.ts';

export const storesPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, now }) => {
  app.get('/stores', page('public'), async (_request, reply) => {
    const { stores } = await shopFront(reads);
    return reply.page((about) => (
      <Layout
        page={about}
        title={t('stores.title')}
        description={t('stores.description')}
        canonical="/stores"
        jsonLd={stores.map((store) => storeFacts(store, about.origin))}
      >
        <div class="wrap">
          <Breadcrumbs crumbs={[{ name: t('home'), href: '/' }, { name: t('stores.title') }]} />
          <h1>{t('stores.title')}</h1>
          <p class="lead">{t('stores.lead')}</p>
          {stores.length === 0 ? (
            <EmptyState title={t('stores.empty.title')} text={t('stores.empty.text')} />
          ) : (
            <StoreCards stores={stores} now={now()} format={about.format} level="h2" hours />
          )}
        </div>
      </Layout>
    ));
  });
};

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function storeFacts(store: Store, origin: string): JsonLdObject {
  return {
    '@type': 'HomeGoodsStore',
    '@id': `${origin}/stores#${store.code}`,
    name: store.name,
    ...(store.picture && { image: new URL(sharedPicture(store.picture)?.src ?? '', origin).href }),
    address: {
      '@type': 'PostalAddress',
      streetAddress: store.street,
      postalCode: store.postcode,
      addressLocality: store.city,
      addressCountry: store.countryCode,
    },
    geo: { '@type': 'GeoCoordinates', latitude: store.latitude, longitude: store.longitude },
    openingHoursSpecification: store.openingHours.flatMap((hours, day) =>
      hours ? [{ '@type': 'OpeningHoursSpecification', dayOfWeek: DAYS[day], ...hours }] : [],
    ),
  };
}

interface Props {
  stores: readonly Store[];
  now: Date;
  format: Format;
  /** The whole week, beside whether it is open now. */
  hours?: boolean;
  level?: 'h2' | 'h3';
}

const STORE_SIZES = '(min-width: 64rem) 20rem, (min-width: 40rem) 45vw, 92vw';

export function StoreCards({ stores, now, format, hours = false, level: Heading = 'h3' }: Props) {
  return (
    <ul class="stores">
      {stores.map((store) => {
        const { isOpen, text } = openNow(store.openingHours, store.timeZone, now, format);
        return (
          <li key={store.code} id={store.code} class="store">
            {store.picture && <Picture picture={store.picture} sizes={STORE_SIZES} alt="" />}
            <Heading>{store.city}</Heading>
            <p class={isOpen ? 'store-open' : 'soft'}>{text}</p>
            <address>
              {store.street}
              <br />
              {store.postcode} {store.city}
            </address>
            {hours && (
              <dl class="hours">
                {hoursOf(store.openingHours, format).map((line) => (
                  <div key={line.days}>
                    <dt>{line.days}</dt>
                    <dd>{line.hours}</dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        );
      })}
    </ul>
  );
}
