import type { Item } from './basket.ts';
import { fetchHere, fetchItems } from './remote.ts';
import { noteFault } from './selling.ts';
import type { Here, Till } from './till.ts';

const HERE = 'here';
const FILLED = 'filled';
/** Nobody knows what a list of changes may have missed: from time to time all of it is fetched anew. */
const WHOLE_AFTER_MS = 12 * 60 * 60 * 1000;

interface Filled {
  registerId: string;
  wholeAt: string;
  changedSince: string;
}

/** What the browser kept from before: the till opens with it, connected or not. */
export async function loadKept({ kept, store, catalogue }: Till): Promise<void> {
  catalogue.put(await kept.getAll('item'));
  const here = (await kept.get('kept', HERE)) as Here | undefined;
  if (here) store.set({ here });
}

/** Brings prices, promotions and the catalogue up to the moment. Without a connection what is kept holds. */
export async function refresh(
  till: Till,
  registerId: string | undefined,
  associateId: string | null,
): Promise<void> {
  const { store, kept } = till;
  const id = registerId ?? store.get().here?.registerId;
  if (id === undefined) return;
  try {
    const here = await fetchHere(id, associateId ?? store.get().here?.associateId ?? null);
    await kept.put('kept', here, HERE);
    store.set({ here, connection: 'online' });
    await refreshItems(till, here);
  } catch (error) {
    noteFault(till, error);
  }
}

async function refreshItems(till: Till, here: Here): Promise<void> {
  const { kept } = till;
  const filled = (await kept.get('kept', FILLED)) as Filled | undefined;
  const isPart =
    filled?.registerId === here.registerId && Date.now() - Date.parse(filled.wholeAt) < WHOLE_AFTER_MS;
  const known = new Set<string>();
  let asOf: string | undefined;
  let cursor: string | null = null;
  do {
    const from: { cursor?: string; changedSince?: string } = {
      ...(cursor !== null && { cursor }),
      ...(isPart && { changedSince: filled.changedSince }),
    };
    const page = await fetchItems(here, from);
    // Of the first page: what changes while the others come is fetched next time.
    asOf ??= page.asOf;
    cursor = page.cursor;
    await keep(till, page.items);
    if (isPart) await drop(till, page.gone);
    for (const { variantId } of page.items) known.add(variantId);
  } while (cursor !== null);
  if (!isPart) await forgetOthers(till, known);
  const wholeAt = isPart ? filled.wholeAt : asOf;
  await kept.put(
    'kept',
    { registerId: here.registerId, wholeAt, changedSince: asOf } satisfies Filled,
    FILLED,
  );
}

async function keep({ kept, catalogue }: Till, items: readonly Item[]): Promise<void> {
  catalogue.put(items);
  const write = kept.transaction('item', 'readwrite');
  for (const item of items) void write.store.put(item);
  await write.done;
}

async function drop({ kept, catalogue }: Till, gone: readonly string[]): Promise<void> {
  const write = kept.transaction('item', 'readwrite');
  for (const id of gone) {
    catalogue.drop(id);
    void write.store.delete(id);
  }
  await write.done;
}

async function forgetOthers({ kept, catalogue }: Till, known: ReadonlySet<string>): Promise<void> {
  const write = kept.transaction('item', 'readwrite');
  for (const id of await write.store.getAllKeys()) {
    if (known.has(id)) continue;
    catalogue.drop(id);
    void write.store.delete(id);
  }
  await write.done;
}
