import type { Kept } from './kept.ts';
import type { Conflict, QueuedSale } from './queued-sale.ts';

/** What the server said of a sale. */
type Settled =
  | { kind: 'posted'; number: string; conflicts: readonly Conflict[] }
  | { kind: 'refused'; reason: string };

/** What came of posting one. Unsettled, it stays where it is, and those behind it wait. */
export type Posted = Settled | { kind: 'offline' } | { kind: 'signed_out' };

const LOCK = 'stoa-till-queue';
const POSTED_KEPT_MAX = 50;

/** Written down before anything is sent. The same id twice is the same sale. */
export async function enqueue(kept: Kept, sale: Omit<QueuedSale, 'place'>): Promise<void> {
  const write = kept.transaction('sale', 'readwrite', { durability: 'strict' });
  if (!(await write.store.index('id').getKey(sale.id))) await write.store.add(sale);
  await write.done;
}

/**
 * Posts what waits, one after the other, in the order it was sold. Of several tabs one does: the lock is the browser's,
 * and falls with the tab that holds it.
 */
export function drain(
  kept: Kept,
  post: (sale: QueuedSale) => Promise<Posted>,
): Promise<'done' | 'offline' | 'signed_out'> {
  return navigator.locks.request(LOCK, async () => {
    for (;;) {
      const sale = await nextWaiting(kept);
      if (!sale) {
        await forgetOld(kept);
        return 'done';
      }
      const posted = await post(sale);
      if (posted.kind === 'offline' || posted.kind === 'signed_out') return posted.kind;
      await settle(kept, sale.id, posted);
    }
  });
}

async function settle(kept: Kept, id: string, posted: Settled): Promise<void> {
  const write = kept.transaction('sale', 'readwrite');
  const sale = await write.store.index('id').get(id);
  if (sale && posted.kind === 'posted') {
    const { number, conflicts } = posted;
    await write.store.put({ ...sale, state: 'posted', number, conflicts, isSeen: conflicts.length === 0 });
  } else if (sale && posted.kind === 'refused') {
    await write.store.put({ ...sale, state: 'refused', refusal: posted.reason, isSeen: false });
  }
  await write.done;
}

async function nextWaiting(kept: Kept): Promise<QueuedSale | undefined> {
  const sales = await kept.getAll('sale');
  return sales.find(({ state }) => state === 'waiting');
}

export const salesKept = (kept: Kept): Promise<QueuedSale[]> => kept.getAll('sale');

/** Changes one sale by itself, whatever other tabs do to others at the same time. */
export async function note(
  kept: Kept,
  id: string,
  noted: Partial<Pick<QueuedSale, 'isSeen' | 'isMade'>>,
): Promise<QueuedSale | undefined> {
  const write = kept.transaction('sale', 'readwrite');
  const sale = await write.store.index('id').get(id);
  if (sale) await write.store.put({ ...sale, ...noted });
  await write.done;
  return sale;
}

/** Those that are posted and read are the server's; the last of them stay, for a receipt printed again. */
async function forgetOld(kept: Kept): Promise<void> {
  const done = (await kept.getAll('sale')).filter(({ state, isSeen }) => state !== 'waiting' && isSeen);
  for (const { place } of done.slice(0, -POSTED_KEPT_MAX))
    if (place !== undefined) await kept.delete('sale', place);
}
