import { unitsOf } from './basket.ts';
import { drain, enqueue, note, salesKept } from './queue.ts';
import type { QueuedSale } from './queued-sale.ts';
import { newId } from './new-id.ts';
import { postSale, saleBodies } from './remote.ts';
import { change, forget, isOnline } from './selling.ts';
import { t } from './say.ts';
import { type State, tell, type Till } from './till.ts';
import { paidBy, type Tender } from './tender.ts';

/** What is left of the total after what was given so far. */
export const leftOf = ({ sums, tenders }: Pick<State, 'sums' | 'tenders'>): number =>
  Math.max(0, (sums?.totalMinor ?? 0) - paidBy(tenders));

export const needsServer = ({ tenders, delivery }: Pick<State, 'tenders' | 'delivery'>): boolean =>
  delivery !== null || tenders.some(({ means }) => means === 'gift_card' || means === 'store_credit');

let running: Promise<void> = Promise.resolve();

/** Posts what waits, after whatever this tab is posting now: what was written down before the call is among it. */
export function postWaiting(till: Till): Promise<void> {
  const next = running.then(() => postAll(till));
  running = next.catch(() => undefined);
  return next;
}

async function postAll(till: Till): Promise<void> {
  const { store, kept } = till;
  const end = await drain(kept, async (sale) => {
    const posted = await postSale(sale);
    if (posted.kind === 'posted') store.set({ connection: 'online' });
    return posted;
  });
  if (end === 'offline' || end === 'signed_out') store.set({ connection: end });
  store.set({ sales: await salesKept(kept) });
}

export type Finished = { kind: 'done' } | { kind: 'refused' | 'not_kept'; text: string };

/**
 * Makes the sale: written down first, posted then. While the server answers, its no is this sale's no; without an
 * answer the sale is made, and waits.
 */
export async function finish(till: Till): Promise<Finished> {
  const { store, kept } = till;
  const { here, basket, customer, delivery, tenders, receiptEmail, sums } = store.get();
  if (!here || !sums) return { kind: 'refused', text: t('sell.starting') };
  const soldAt = new Date().toISOString();
  const isLive = isOnline(store.get());
  const sale: QueuedSale = {
    id: newId(),
    ...saleBodies(here, { basket, customer, delivery, tenders, sums, soldAt, receiptEmail, isLive }),
    isMade: !isLive,
    titles: Object.fromEntries(basket.lines.map(({ item }) => [item.variantId, item.title])),
    soldAt,
    units: unitsOf(basket),
    totalMinor: sums.totalMinor,
    currency: here.currency,
    state: 'waiting',
    number: null,
    conflicts: [],
    refusal: null,
    failures: 0,
    isSeen: true,
  };
  try {
    await enqueue(kept, sale);
  } catch {
    return { kind: 'not_kept', text: t('sell.pay.not_kept') };
  }
  store.set({ sales: await salesKept(kept) });
  const posting = postWaiting(till);
  // Cut off already, nobody is kept waiting for an answer that will not come.
  if (isLive) await posting;
  const after = await note(kept, sale.id, { isMade: true });
  if (isLive && after?.state === 'refused') {
    if (after.place !== undefined) await kept.delete('sale', after.place);
    store.set({ sales: await salesKept(kept) });
    change(till, {});
    return { kind: 'refused', text: t('sell.pay.refused', { reason: after.refusal ?? '' }) };
  }
  store.set({ done: { id: sale.id, basket, sums, tenders, soldAt }, dialog: null, told: null });
  forget();
  return { kind: 'done' };
}

export function addTender(till: Till, tender: Omit<Tender, 'id'>): void {
  change(till, { tenders: [...till.store.get().tenders, { ...tender, id: newId() }] });
}

export function removeTender(till: Till, id: string): void {
  change(till, { tenders: till.store.get().tenders.filter((tender) => tender.id !== id) });
  tell(till, 'good', '');
}
