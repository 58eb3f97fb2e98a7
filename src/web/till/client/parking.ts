import type { Basket, BasketLine } from './basket.ts';
import { newId } from './new-id.ts';
import { dropParked, fetchParked, park, type Parked, takeParked } from './remote.ts';
import { t } from './say.ts';
import { change, isOnline, noteFault, startAnew } from './selling.ts';
import { type State, tell, type Till } from './till.ts';

const KEY = 'parked';

/** A basket put aside: in the store's list, or in this browser alone while the server can't be asked. */
export interface Aside extends Parked {
  isOwn: boolean;
}

const ownOnes = async ({ kept }: Till): Promise<Aside[]> => ((await kept.get('kept', KEY)) as Aside[]) ?? [];

export async function putAside(till: Till, name: string): Promise<void> {
  const { here, basket, tenders } = till.store.get();
  if (!here || basket.lines.length === 0) return;
  if (tenders.length > 0) return tell(till, 'bad', t('sell.parked.paid'));
  const id = newId();
  const isWithServer =
    isOnline(till.store.get()) &&
    (await park(here, id, name, basket).then(
      () => true,
      (error: unknown) => {
        noteFault(till, error);
        return false;
      },
    ));
  if (!isWithServer) {
    const lines = basket.lines.map(({ item, quantity }) => ({ variantId: item.variantId, quantity }));
    const parkedAt = new Date().toISOString();
    const own: Aside = { id, note: name, lines, codes: basket.codes, parkedAt, isOwn: true };
    await till.kept.put('kept', [...(await ownOnes(till)), own], KEY);
  }
  keepTyped(till, id);
  startAnew(till);
  tell(till, 'good', t('sell.parked.done', { name: name || t('sell.parked.unnamed') }));
}

/** What is put aside here and, when the server can be asked, at the store's other registers. */
export async function asideOf(till: Till): Promise<{ baskets: Aside[]; isWhole: boolean }> {
  const own = await ownOnes(till);
  const { here } = till.store.get();
  try {
    const parked = here ? await fetchParked(here) : [];
    return { baskets: [...own, ...parked.map((each) => ({ ...each, isOwn: false }))], isWhole: true };
  } catch (error) {
    noteFault(till, error);
    return { baskets: own, isWhole: false };
  }
}

/** Takes one up again, in an empty basket. Another register may have been quicker. */
export async function takeUp(till: Till, aside: Aside): Promise<void> {
  const { here, basket } = till.store.get();
  if (!here) return;
  if (basket.lines.length > 0) return tell(till, 'bad', t('sell.parked.busy'));
  try {
    if (aside.isOwn) await forgetOwn(till, aside.id);
    else await takeParked(here, aside.id);
  } catch (error) {
    noteFault(till, error);
    return tell(till, 'bad', t('sell.parked.gone'));
  }
  startAnew(till);
  const { drafts = {}, ...others } = typedFor(aside.id);
  till.store.set({ drafts });
  change(till, { ...others, basket: basketFrom(till, aside) });
  tell(till, 'good', t('sell.parked.resumed', { name: aside.note || t('sell.parked.unnamed') }));
}

export async function throwAway(till: Till, aside: Aside): Promise<void> {
  typedFor(aside.id);
  const { here } = till.store.get();
  try {
    if (aside.isOwn) await forgetOwn(till, aside.id);
    else if (here) await dropParked(here, aside.id);
  } catch (error) {
    noteFault(till, error);
    tell(till, 'bad', t('sell.parked.gone'));
  }
}

async function forgetOwn(till: Till, id: string): Promise<void> {
  await till.kept.put(
    'kept',
    (await ownOnes(till)).filter((each) => each.id !== id),
    KEY,
  );
}

/** With today's names and prices; what is no longer sold is left out. */
const basketFrom = ({ catalogue }: Till, { lines, codes }: Parked): Basket => ({
  codes,
  lines: lines.flatMap(({ variantId, quantity }): BasketLine[] => {
    const item = catalogue.byId(variantId);
    return item ? [{ item, quantity }] : [];
  }),
});

const TYPED = 'stoa-till-aside';

/** What was said beside the goods. Others take up a basket without it: whose it is and where they live stays in this tab. */
type Typed = Pick<State, 'customer' | 'delivery' | 'receiptEmail' | 'drafts'>;

const typedOnes = () => JSON.parse(sessionStorage.getItem(TYPED) ?? '{}') as Record<string, Partial<Typed>>;

function keepTyped({ store }: Till, id: string): void {
  const { customer, delivery, receiptEmail, drafts } = store.get();
  const { park: _name, ...rest } = drafts;
  const typed: Typed = { customer, delivery, receiptEmail, drafts: rest };
  sessionStorage.setItem(TYPED, JSON.stringify({ ...typedOnes(), [id]: typed }));
}

/** What was said of a basket, once: it is in work again, or nobody's. */
function typedFor(id: string): Partial<Typed> {
  const { [id]: typed = {}, ...others } = typedOnes();
  sessionStorage.setItem(TYPED, JSON.stringify(others));
  return typed;
}
