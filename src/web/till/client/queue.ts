import type { Kept } from './kept.ts';
import type { Conflict, QueuedSale } from './queued-sale.ts';

/** What the server said of a sale. */
type Settled =
  | { kind: 'posted'; number: string; receiptCode: string; conflicts: readonly Conflict[] }
  | { kind: 'refused'; reason: string };

/** What came of posting one. Unsettled, it stays where it is, and those behind it wait. */
export type Posted = Settled | { kind: 'offline' } | { kind: 'signed_out' } | { kind: 'failing' };

const LOCK = 'stoa-till-queue';
const POSTED_KEPT_MAX = 50;
/** So often the server may fail over a sale before those behind it are posted first. */
const FAILURES_MAX = 3;

/** The server fails over it again and again: it is tried on, and holds up nobody. */
export const isSetAside = ({ state, failures }: QueuedSale): boolean =>
  state === 'waiting' && failures >= FAILURES_MAX;

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
): Promise<'done' | 'offline' | 'signed_out' | 'failing'> {
  return navigator.locks.request(LOCK, async () => {
    const tried = new Set<string>();
    for (;;) {
      const sale = await nextWaiting(kept, tried);
      if (!sale) {
        await forgetOld(kept);
        return tried.size > 0 ? 'failing' : 'done';
      }
      const posted = await post(sale);
      if (posted.kind === 'offline' || posted.kind === 'signed_out') return posted.kind;
      if (posted.kind === 'failing') {
        tried.add(sale.id);
        if (!(await countFailure(kept, sale.id))) return 'failing';
      } else await settle(kept, sale.id, posted);
    }
  });
}

async function settle(kept: Kept, id: string, posted: Settled): Promise<void> {
  const write = kept.transaction('sale', 'readwrite');
  const sale = await write.store.index('id').get(id);
  if (sale && posted.kind === 'posted') {
    const { number, receiptCode, conflicts } = posted;
    const isSeen = conflicts.length === 0;
    await write.store.put({ ...sale, state: 'posted', number, receiptCode, conflicts, isSeen });
  } else if (sale && posted.kind === 'refused') {
    await write.store.put({ ...sale, state: 'refused', refusal: posted.reason, isSeen: false });
  }
  await write.done;
}

/** Answers whether the sale holds up nobody from now on; whoever is at the till is told once. */
async function countFailure(kept: Kept, id: string): Promise<boolean> {
  const write = kept.transaction('sale', 'readwrite');
  const sale = await write.store.index('id').get(id);
  if (sale) {
    sale.failures += 1;
    if (sale.failures === FAILURES_MAX) sale.isSeen = false;
    await write.store.put(sale);
  }
  await write.done;
  return !sale || isSetAside(sale);
}

async function nextWaiting(kept: Kept, tried: ReadonlySet<string>): Promise<QueuedSale | undefined> {
  const sales = await kept.getAll('sale');
  return sales.find(({ id, state }) => state === 'waiting' && !tried.has(id));
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
