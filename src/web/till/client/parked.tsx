import { useEffect, useState } from 'preact/hooks';
import { useDraft } from './draft.ts';
import { Modal } from './modal.tsx';
import { type Aside, asideOf, putAside, takeUp, throwAway } from './parking.ts';
import { moment, t } from './say.ts';
import type { Till } from './till.ts';

const NAME_CHARS_MAX = 120;

export function Park({ till, close }: { till: Till; close: () => void }) {
  const [name, setName] = useDraft(till, 'park', '');
  return (
    <Modal title={t('sell.park.title')} onClose={close}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void putAside(till, name.trim()).then(close);
        }}
      >
        <div class="field">
          <label for="park-name">{t('sell.park.name')}</label>
          <input
            id="park-name"
            data-first
            autocomplete="off"
            maxLength={NAME_CHARS_MAX}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <button class="button primary wide">{t('sell.park.button')}</button>
      </form>
    </Modal>
  );
}

export function ParkedList({ till, close }: { till: Till; close: () => void }) {
  const [found, setFound] = useState<{ baskets: Aside[]; isWhole: boolean }>();
  const look = () => void asideOf(till).then(setFound);
  useEffect(look, []);
  return (
    <Modal title={t('sell.parked.title')} onClose={close}>
      {!found && <p role="status">{t('sell.starting')}</p>}
      {found && !found.isWhole && <p class="notice warning">{t('sell.parked.offline')}</p>}
      {found?.isWhole && found.baskets.length === 0 && <p class="soft">{t('sell.parked.none')}</p>}
      <ul class="sell-parked">
        {found?.baskets.map((each) => {
          const name = each.note || t('sell.parked.unnamed');
          const count = each.lines.reduce((units, { quantity }) => units + quantity, 0);
          return (
            <li key={each.id}>
              <span>
                <strong>{name}</strong>
                <span class="soft small">
                  {t('sell.parked.units', { count })}, {moment(each.parkedAt)}
                </span>
              </span>
              <button
                type="button"
                class="button primary"
                onClick={() => void takeUp(till, each).then(close)}
              >
                {t('sell.parked.resume', { name })}
              </button>
              <button
                type="button"
                class="button plain"
                onClick={() => void throwAway(till, each).then(look)}
              >
                {t('sell.parked.remove', { name })}
              </button>
            </li>
          );
        })}
      </ul>
    </Modal>
  );
}
