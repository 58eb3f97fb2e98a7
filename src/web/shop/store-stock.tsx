import type { ProductVariant } from '#modules/catalog/index.ts';
import type { DeliveryWindow } from '#modules/routing/index.ts';
import type { ProductPageData, StoreStock as StoreStockData } from '#read/product-page.ts';
import { Icon } from '../components/Icon.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { arrivalText } from './arrival.ts';
import type { Place } from './place-cookie.ts';
import type { Today } from './place-promise.ts';
import { PlaceLine } from './place.tsx';
import { openNow } from './opening-hours.ts';

const FEW = 3;

interface Props {
  data: ProductPageData;
  chosen: ProductVariant | undefined;
  promise: DeliveryWindow | undefined;
  place: Place | undefined;
  today: Today | undefined;
  /** The code of the store that is told first. */
  store: string | undefined;
  now: Date;
  format: Format;
}

/** How it gets home, and in which stores it stands. */
export function StoreStock(shown: Props) {
  const { data, chosen, store: here, now, format } = shown;
  const isHere = ({ code }: StoreStockData) => code === here;
  const stores = [...data.stores.filter(isHere), ...data.stores.filter((each) => !isHere(each))];
  return (
    <div class="ways">
      <AtTheDoor {...shown} />
      {stores.length > 0 && chosen && (
        <details class="way stores-with-it" open={stores.some(isHere)}>
          <summary>
            <Icon name="store" />
            <strong>
              {t('stock.stores', {
                count: stores.filter((store) => unitsAt(store, chosen.id) > 0).length,
              })}
            </strong>
          </summary>
          <ul>
            {stores.map((store) => {
              const left = unitsAt(store, chosen.id);
              return (
                <li key={store.code}>
                  <span>
                    <a href={`/stores#${store.code}`}>{store.city}</a>
                    {isHere(store) && <strong class="here">{t('shelf.here')}</strong>}
                    <span class="soft small">
                      {' '}
                      {openNow(store.openingHours, store.timeZone, now, format).text}
                    </span>
                  </span>
                  <span class={left > 0 ? 'in' : 'soft'}>
                    {left === 0
                      ? t('stock.none')
                      : left <= FEW
                        ? t('stock.few', { count: left })
                        : t('stock.there')}
                  </span>
                </li>
              );
            })}
          </ul>
        </details>
      )}
    </div>
  );
}

/** When it is at the door, and what that costs. */
function AtTheDoor({ data: { product, delivery }, promise, place, today, format }: Props) {
  return (
    <>
      {today && (
        <p class="way">
          <Icon name="truck" />
          <span>
            <strong>{t('checkout.today')}</strong>
            <br />
            <span class="soft small">
              {t('place.today.cost', {
                name: today.name,
                cost:
                  today.amountMinor === 0
                    ? t('checkout.free')
                    : format.roundMoney(today.amountMinor, today.currency),
              })}
            </span>
          </span>
        </p>
      )}
      {delivery && (
        <p class="way">
          <Icon name="truck" />
          <span>
            <strong>{promise ? arrivalText(promise, format) : t('delivery.none')}</strong>
            <br />
            <span class="soft small">
              {delivery.freeFromMinor === null
                ? t('delivery.cost', { cost: format.roundMoney(delivery.amountMinor, delivery.currency) })
                : t('delivery.cost.free_from', {
                    cost: format.roundMoney(delivery.amountMinor, delivery.currency),
                    from: format.roundMoney(delivery.freeFromMinor, delivery.currency),
                  })}
            </span>
            <br />
            <PlaceLine place={place} next={`/p/${product.slug}`} format={format} />
          </span>
        </p>
      )}
    </>
  );
}

const unitsAt = ({ available }: StoreStockData, variantId: string) =>
  available.find((each) => each.variantId === variantId)?.units ?? 0;
