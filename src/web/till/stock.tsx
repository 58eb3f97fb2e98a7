import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { geoDistance } from 'd3-geo';
import { searchProducts } from '#modules/catalog/index.ts';
import {
  incomingOf,
  type Later,
  laterOf,
  levelsOf,
  type Location,
  locations,
  unreleased,
} from '#modules/inventory/index.ts';
import { TILL } from '#platform/access.ts';
import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { type ScannedVariant, scannedVariant, variantsOfProducts } from '#read/scanned-variant.ts';
import { Button } from '../components/Button.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { openNow } from '../shop/opening-hours.ts';
import { comingText } from '../shop/waiting-text.ts';
import { LatestSaid, type SaidOfIt, saidOfIt } from '../reviews/latest-said.tsx';
import { findHere, type Here, toRegister } from './register-here.ts';
import { Scanned, ScanField, scanIn } from './scan.tsx';
import { TillShell } from './shell.tsx';

const EARTH_KM = 6371;
const PRODUCTS_SHOWN = 10;
const LEVELS_MAX = 2_000;

interface PlaceStock {
  place: Location;
  available: number;
  incoming: { quantity: number; expectedOn: string }[];
  /** From this till. */
  km: number;
}

type Found =
  | { variant: ScannedVariant; places: PlaceStock[]; later: Later | undefined; said: SaidOfIt }
  | { choices: ScannedVariant[] }
  | { fault: string; status: number };

/** What this store and every other has of a thing: scanned, or searched for by words. */
export const stockPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  app.get('/till/stock', page(TILL, { querystring: exactly({ q: Scanned }) }), async (request, reply) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const { q } = request.query;
    const scan = scanIn(q);
    const found =
      scan &&
      ('fault' in scan
        ? { ...scan, status: 422 }
        : await find(reads, here, scan.text, request.viewer.memberId, now()));
    if (found && 'fault' in found) void reply.code(found.status);
    return reply.page((about) => <StockPage page={about} here={here} q={q} found={found} now={now()} />);
  });
};

async function find(
  reads: Db,
  here: Here,
  text: string,
  viewer: string | undefined,
  now: Date,
): Promise<Found> {
  const variant = await scannedVariant(reads, text);
  if (variant) {
    const [held] = await unreleased(reads, [variant.id], now);
    const places = await stockOf(reads, here, variant.id, held !== undefined);
    const said = await saidOfIt(reads, viewer, variant.productId);
    return { variant, places, said, later: (await laterOf(reads, [variant.id], now)).get(variant.id) };
  }
  const { cards } = await searchProducts(reads, { words: text, limit: PRODUCTS_SHOWN });
  const choices = await variantsOfProducts(
    reads,
    cards.map(({ id }) => id),
  );
  return choices.length > 0 ? { choices } : { fault: t('till.scan.unknown', { code: text }), status: 404 };
}

/** Here first, then by the way to go. A place that neither has any nor expects any is not worth the way. */
async function stockOf(
  reads: Db,
  { store }: Here,
  variantId: string,
  isHeld: boolean,
): Promise<PlaceStock[]> {
  const [places, { levels }, incoming] = await Promise.all([
    locations(reads),
    levelsOf(reads, { variantId, limit: LEVELS_MAX }),
    incomingOf(reads, [variantId]),
  ]);
  const available = new Map(levels.map((level) => [level.locationId, isHeld ? 0 : level.available]));
  return places
    .map((place) => ({
      place,
      available: available.get(place.id) ?? 0,
      incoming: incoming.filter(({ locationId }) => locationId === place.id),
      km:
        place.id === store.id
          ? 0
          : EARTH_KM * geoDistance([store.longitude, store.latitude], [place.longitude, place.latitude]),
    }))
    .filter(
      ({ place, available: units, incoming: more }) => place.id === store.id || units > 0 || more.length > 0,
    )
    .toSorted(
      (one, other) =>
        Number(other.place.id === store.id) - Number(one.place.id === store.id) || one.km - other.km,
    );
}

interface Props {
  page: Page;
  here: Here;
  q: string;
  found: Found | undefined;
  now: Date;
}

function StockPage({ page: about, here, q, found, now }: Props) {
  return (
    <TillShell page={about} here={here} title={t('till.stock')}>
      <h1>{t('till.stock')}</h1>
      <form method="get" action="/till/stock" class="form till-scan">
        <ScanField
          name="q"
          label={t('till.stock.field')}
          value={q}
          error={found && 'fault' in found ? found.fault : undefined}
        />
        <Button>{t('till.stock.button')}</Button>
      </form>
      {found && 'choices' in found && (
        <ul class="till-rows">
          {found.choices.map(({ id, sku, title, options }) => (
            <li key={id}>
              <a href={`/till/stock?${new URLSearchParams({ q: sku }).toString()}`}>
                {[title, ...options].join(' · ')}
              </a>
              <span class="soft">{sku}</span>
            </li>
          ))}
        </ul>
      )}
      {found && 'places' in found && <Places page={about} here={here} {...found} now={now} />}
    </TillShell>
  );
}

interface PlacesProps {
  page: Page;
  here: Here;
  variant: ScannedVariant;
  places: PlaceStock[];
  later: Later | undefined;
  said: SaidOfIt;
  now: Date;
}

function Places({ page: { format }, here, variant, places, later, said, now }: PlacesProps) {
  return (
    <section aria-labelledby="places">
      <h2 id="places">{[variant.title, ...variant.options].join(' · ')}</h2>
      <p class="soft">{variant.sku}</p>
      {later && (
        <p>
          {comingText(later, format)}. {t('till.stock.later', { count: later.units })}
        </p>
      )}
      <LatestSaid said={said} slug={variant.slug} format={format} />
      <Table
        caption={t('till.stock.places')}
        rows={places}
        rowKey={({ place }) => place.id}
        columns={[
          {
            title: t('till.stock.place'),
            cell: ({ place }) => (
              <>
                <strong>{place.name}</strong>
                {place.id === here.store.id && <span class="till-here">{t('till.stock.here')}</span>}
                <br />
                <span class="soft small">{[place.street, place.city].filter(Boolean).join(', ')}</span>
              </>
            ),
          },
          { title: t('till.stock.available'), figures: true, cell: ({ available }) => available },
          {
            title: t('till.stock.incoming'),
            cell: ({ incoming }) =>
              incoming.length === 0
                ? '–'
                : incoming
                    .map(({ quantity, expectedOn }) =>
                      t('till.stock.incoming.one', { quantity, day: format.day(expectedOn) }),
                    )
                    .join(', '),
          },
          {
            title: t('till.stock.distance'),
            figures: true,
            cell: ({ km, place }) =>
              place.id === here.store.id
                ? '–'
                : t('till.stock.km', { km: format.number(km, km < 10 ? 1 : 0) }),
          },
          {
            title: t('till.stock.hours'),
            cell: ({ place }) =>
              place.kind === 'store'
                ? openNow(place.openingHours, place.timeZone, now, format).text
                : t('till.stock.no_shop'),
          },
        ]}
      />
    </section>
  );
}
