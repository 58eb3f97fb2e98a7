import {
  collectionCode,
  type FulfilmentOrderSummary,
  fulfilmentOrdersOf,
} from '#modules/fulfilment/index.ts';
import { type Location, locations } from '#modules/inventory/index.ts';
import type { Order } from '#modules/orders/index.ts';
import type { Deps } from '#platform/module.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

export interface Progress {
  parts: FulfilmentOrderSummary[];
  places: ReadonlyMap<string, Location>;
  /** Of what is collected, for its buyer. */
  code: string | undefined;
}

export async function progressOf({ db, config }: Deps, order: Order, isBuyers: boolean): Promise<Progress> {
  const parts = (await fulfilmentOrdersOf(db, order.id)).filter(({ state }) => !GONE.has(state));
  const places = new Map((await locations(db)).map((place) => [place.id, place]));
  const isCollected = order.pickupLocationId !== null && isBuyers;
  return { parts, places, code: isCollected ? collectionCode(config.secret, order.id) : undefined };
}

/** What a location did not do is another's to do: the buyer sees who does. */
const GONE: ReadonlySet<FulfilmentOrderSummary['state']> = new Set(['rejected', 'expired', 'cancelled']);

/** How far each part of an order is, from the moment at which somebody has it. */
export function OrderProgress({
  order,
  progress,
  format,
}: {
  order: Order;
  progress: Progress;
  format: Format;
}) {
  const { parts, places, code } = progress;
  const store = places.get(order.pickupLocationId ?? '');
  const until = parts.flatMap(({ state, collectBy }) =>
    state === 'ready' && collectBy ? [collectBy] : [],
  )[0];
  return (
    <>
      {store && (
        <section aria-labelledby="collect">
          <h2 id="collect">{t('order.collect')}</h2>
          <p>{t('order.collect.at', { place: store.name, street: store.street, city: store.city })}</p>
          {code && (
            <p>
              {t('order.collect.code')}: <strong class="figures">{code}</strong>
            </p>
          )}
          {until && <p>{t('order.collect.until', { day: format.date(until) })}</p>}
        </section>
      )}
      {parts.length > 0 && (
        <section aria-labelledby="steps">
          <h2 id="steps">{t('order.steps')}</h2>
          <ul class="plain">
            {parts.map((part) => (
              <li key={part.id}>
                {part.state === 'waiting'
                  ? t('order.step.waiting', {
                      place: placeOf(part, places),
                      day: format.day(part.goodsOn ?? part.leavesOn),
                    })
                  : t(`order.step.${part.state as 'assigned'}`, { place: placeOf(part, places) })}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function placeOf(
  { state, locationId, pickupLocationId }: FulfilmentOrderSummary,
  places: Progress['places'],
) {
  const isThere = state === 'ready' || state === 'collected' || state === 'not_collected';
  return places.get(isThere ? (pickupLocationId ?? locationId) : locationId)?.name ?? '';
}
