import './sell.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { makeCatalogue } from './catalogue.ts';
import { postWaiting } from './finishing.ts';
import { openKept } from './kept.ts';
import { isSingle, listenToKeys, setSingle } from './keys.ts';
import { salesKept } from './queue.ts';
import { t } from './say.ts';
import { isOnline, restore } from './selling.ts';
import { loadKept, refresh } from './sync.ts';
import { makeTill, type Till } from './till.ts';
import { keepPage } from './keep-page.ts';

const REFRESH_EVERY_MS = 5 * 60 * 1000;
const POST_EVERY_MS = 15_000;

/** Opens the till in its place on the page: first with what the browser kept, then with what the server says. */
async function open(place: HTMLElement): Promise<void> {
  const till = makeTill(await openKept(), makeCatalogue());
  await loadKept(till);
  till.store.set({ sales: await salesKept(till.kept), connection: navigator.onLine ? 'online' : 'offline' });
  const update = keepPage(till.store);
  place.replaceChildren();
  render(<App till={till} update={update} isSingle={isSingle} setSingle={setSingle} />, place);
  listenToKeys(till);
  restore(till);
  stayFresh(till, place.dataset['register'], place.dataset['associate'] ?? null);
}

function stayFresh(till: Till, registerId: string | undefined, associateId: string | null): void {
  const look = () => void refresh(till, registerId, associateId).then(() => restore(till));
  const post = () => void postWaiting(till);
  const back = () => {
    post();
    look();
  };
  back();
  addEventListener('online', back);
  addEventListener('offline', () => till.store.set({ connection: 'offline' }));
  document.addEventListener('visibilitychange', () => !document.hidden && back());
  setInterval(look, REFRESH_EVERY_MS);
  // A line may come back without a word, and a sign-in in another tab.
  setInterval(() => (isOnline(till.store.get()) ? post() : back()), POST_EVERY_MS);
}

const place = document.getElementById('till-sell');
if (place) {
  open(place).catch((error: unknown) => {
    const isStorage = error instanceof DOMException;
    const reason = error instanceof Error ? error.message : String(error);
    place.textContent = isStorage ? t('sell.needs_storage') : t('sell.failed', { reason });
  });
}
