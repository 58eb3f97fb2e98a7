import { Coming } from './coming.tsx';
import { Modal } from './modal.tsx';
import { t } from './say.ts';
import { isOnline } from './selling.ts';
import type { State, Till } from './till.ts';

/** Where else a thing lies. */
export function Elsewhere({ till, state, variantId }: { till: Till; state: State; variantId: string }) {
  const close = () => till.store.set({ dialog: null });
  const title = state.basket.lines.find(({ item }) => item.variantId === variantId)?.item.title ?? '';
  const stock = state.stock.get(variantId);
  const places = stock?.everywhere ?? [];
  return (
    <Modal title={t('sell.elsewhere.title', { title })} onClose={close}>
      {!isOnline(state) && <p class="notice warning">{t('sell.elsewhere.offline')}</p>}
      {places.length === 0 ? (
        <p class="soft">{t('sell.elsewhere.none')}</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t('sell.elsewhere.place')}</th>
              <th scope="col" class="figures">
                {t('sell.elsewhere.available')}
              </th>
            </tr>
          </thead>
          <tbody>
            {places.map(({ locationId, name, city, available }) => (
              <tr key={locationId}>
                <td>{[name, city].filter((each, index, all) => all.indexOf(each) === index).join(', ')}</td>
                <td class="figures">{available}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {stock && <Coming stock={stock} />}
      <button
        type="button"
        class="button primary wide"
        data-first
        disabled={places.length === 0 && !stock?.later}
        onClick={() => till.store.set({ dialog: 'deliver' })}
      >
        {t('sell.elsewhere.deliver')}
      </button>
    </Modal>
  );
}
