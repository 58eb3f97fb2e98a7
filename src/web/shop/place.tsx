import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { cartFor, cartOf } from '#modules/orders/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { marketRegions } from '#read/market-regions.ts';
import { cartIdOf } from '../cart-cookie.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { countryName, type Format, formatFor } from '../format.ts';
import { Layout } from '../layout.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { localPath, page, sendOn, Text } from '../page.ts';
import { countriesNamed } from './arrival.ts';
import {
  countryPlace,
  forgetPlace,
  type Place,
  placeFrom,
  placeOf,
  rememberPlace,
  saidPlace,
} from './place-cookie.ts';

const Asked = Type.Object({ next: Type.Optional(Type.String({ maxLength: 2000 })) });
const Said = exactly({ country: Text(2), postcode: Text(20), forget: Text(3), next: Text(2000) });

interface Shown {
  typed: { country: string; postcode: string };
  next: string;
  errors: { country?: PlainKey; postcode?: PlainKey };
}

/** Where a visitor wants things sent, before they buy any: pages then say when it comes there. */
export const placePage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { reads } = deps;
  const countries = async () =>
    [...(await marketRegions(reads)).keys()].filter((code) => /^[A-Z]{2}$/.test(code));

  const show = async (request: FastifyRequest, reply: FastifyReply, shown: Shown) => {
    const codes = await countries();
    const isSaid = saidPlace(request) !== undefined;
    return reply.page((about) => (
      <Layout page={about} title={t('place.title')} index={false}>
        <PlaceView shown={shown} isSaid={isSaid} codes={codes} format={about.format} />
      </Layout>
    ));
  };

  app.get('/place', page('public', { querystring: Asked }), (request, reply) => {
    const place = placeOf(request, formatFor(request.headers['accept-language']));
    const typed = { country: place?.countryCode ?? '', postcode: place?.postcode ?? '' };
    return show(request, reply, { typed, next: localPath(request.query.next), errors: {} });
  });

  app.post('/place', page('public', { body: Said }), async (request, reply) => {
    const { country, postcode, forget } = request.body;
    const next = localPath(request.body.next);
    if (forget) {
      forgetPlace(reply);
      const locale = formatFor(request.headers['accept-language']);
      return sendOn(reply, next, await toldOfPrices(deps, request, countryPlace(locale)));
    }
    const isCountry = (await countries()).includes(country);
    const place = placeFrom(country, postcode);
    if (isCountry && place) {
      rememberPlace(reply, place);
      return sendOn(reply, next, await toldOfPrices(deps, request, place));
    }
    const errors = isCountry
      ? { postcode: 'place.error.postcode' as const }
      : { country: 'checkout.error.country' as const };
    return show(request, reply.code(422), { typed: { country, postcode }, next, errors });
  });
};

/** What lies in the cart is priced where it goes: whoever has chosen at other prices is told. */
async function toldOfPrices(
  { db, now }: Deps,
  request: FastifyRequest,
  to: Place | undefined,
): Promise<PlainKey | undefined> {
  const { viewer } = request;
  const known = cartIdOf(request);
  if (viewer.kind === 'guest' && known === undefined) return undefined;
  const id = await inTransaction(db, (tx) => cartFor(tx, viewer, known));
  if (id === undefined) return undefined;
  const from = placeOf(request, formatFor(request.headers['accept-language']));
  const [before, after] = await Promise.all(
    [from, to].map(async (place) => (await cartOf(db, viewer, id, now(), place)).lines),
  );
  const priceOf = (lines: typeof before, id: string) =>
    lines?.find(({ variantId }) => variantId === id)?.variant?.amountMinor;
  const isOther = before?.some(({ variantId }) => priceOf(before, variantId) !== priceOf(after, variantId));
  return isOther ? 'place.prices' : undefined;
}

interface ViewProps {
  shown: Shown;
  /** There is something to forget. */
  isSaid: boolean;
  codes: readonly string[];
  format: Format;
}

function PlaceView({ shown: { typed, next, errors }, isSaid, codes, format }: ViewProps) {
  return (
    <div class="wrap narrow">
      <Breadcrumbs crumbs={[{ name: t('home'), href: '/' }, { name: t('place.title') }]} />
      <h1>{t('place.title')}</h1>
      <p class="lead">{t('place.lead')}</p>
      <form method="post" action="/place" class="form" novalidate>
        <input type="hidden" name="next" value={next} />
        <Select
          name="country"
          label={t('checkout.country')}
          value={typed.country}
          error={errors.country && say(errors.country)}
          options={[{ value: '', label: t('checkout.country.choose') }, ...countriesNamed(codes, format)]}
          autocomplete="country"
          required
        />
        <Field
          name="postcode"
          label={t('checkout.postcode')}
          value={typed.postcode}
          error={errors.postcode && say(errors.postcode)}
          required
          input={{ autocomplete: 'postal-code', maxlength: 20 }}
        />
        <div class="actions">
          <Button>{t('place.button')}</Button>
          {isSaid && (
            <Button look="plain" name="forget" value="yes">
              {t('place.forget')}
            </Button>
          )}
        </div>
      </form>
    </div>
  );
}

/** Where things are taken to go, and the way to say otherwise. */
export function PlaceLine({
  place,
  next,
  format,
}: {
  place: Place | undefined;
  next: string;
  format: Format;
}) {
  const href = `/place?next=${encodeURIComponent(next)}`;
  if (!place?.postcode)
    return (
      <a class="place-line small" href={href}>
        {t('place.say')}
      </a>
    );
  const { postcode, countryCode } = place;
  return (
    <span class="place-line small">
      {t('place.to', { postcode, country: countryName(countryCode, format) })}{' '}
      <a href={href}>{t('place.change')}</a>
    </span>
  );
}
