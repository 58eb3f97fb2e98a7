import type { Store } from './store.ts';
import type { State } from './till.ts';

const WORKER = '/till/service-worker.js';

/**
 * Lets a service worker keep this page for a lost connection. A newer one waits until the associate says so: a sale in
 * work is not pulled from under their hands. Answers how to say so.
 */
export function keepPage(store: Store<State>): () => void {
  if (!('serviceWorker' in navigator)) {
    store.set({ keepsPage: false });
    return () => undefined;
  }
  const { serviceWorker } = navigator;
  const noteWaiting = (registration: ServiceWorkerRegistration) => {
    if (registration.waiting && serviceWorker.controller) store.set({ hasUpdate: true });
  };
  const registered = serviceWorker.register(WORKER, { scope: '/till/', updateViaCache: 'none' });
  registered
    .then((registration) => {
      noteWaiting(registration);
      registration.addEventListener('updatefound', () =>
        registration.installing?.addEventListener('statechange', () => noteWaiting(registration)),
      );
    })
    .catch(() => store.set({ keepsPage: false }));
  return () => {
    serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    void registered.then(({ waiting }) => waiting?.postMessage('take over'));
  };
}
