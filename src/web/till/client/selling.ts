import { addItem, type Basket, EMPTY, type Item, QUANTITY_MAX } from './basket.ts';
import { Refused, SignedOut, Unreachable } from './network.ts';
import { fetchQuote, fetchStock, isCustomer, lookUp } from './remote.ts';
import { format, t } from './say.ts';
import { sound } from './sound.ts';
import { type Here, ownSums, type State, tell, type Till } from './till.ts';
import type { Scanned } from './wedge.ts';

const SESSION = 'stoa-till-basket';
const QUOTE_AFTER_MS = 200;

/** What of the state a reload of this tab must not lose: a card may have been charged for it already. */
type InWork = Pick<State, 'basket' | 'customer' | 'delivery' | 'tenders' | 'receiptEmail'>;

/** Changes what is sold: reckons it anew at once, keeps it for a reload, and asks the server what it says. */
export function change(till: Till, changed: Partial<InWork>): void {
  const { store } = till;
  store.set(changed);
  const { here, basket, customer, delivery, tenders, receiptEmail } = store.get();
  const isReckoned = !('tenders' in changed || 'receiptEmail' in changed) || 'basket' in changed;
  // What is paid changes no price: the server's word, with codes, members and postage, stays.
  if (here && isReckoned) store.set({ sums: basket.lines.length > 0 ? ownSums(basket, here) : null });
  const inWork: InWork = { basket, customer, delivery, tenders, receiptEmail };
  sessionStorage.setItem(SESSION, JSON.stringify(inWork));
  if (isReckoned) askForQuote(till);
}

/** What this tab had in work, at the prices that are known now. */
export function restore(till: Till): void {
  const text = sessionStorage.getItem(SESSION);
  if (!text) return;
  const { basket, ...others } = JSON.parse(text) as InWork;
  const lines = basket.lines.map((line) => ({
    ...line,
    item: till.catalogue.byId(line.item.variantId) ?? line.item,
  }));
  change(till, { ...others, basket: { ...basket, lines } });
}

/** What is sold is no longer in work: a reload begins with an empty basket. */
export const forget = (): void => sessionStorage.removeItem(SESSION);

export const startAnew = (till: Till): void => {
  till.store.set({ done: null, told: null, dialog: null, drafts: {}, stock: new Map() });
  change(till, { basket: EMPTY, customer: null, delivery: null, tenders: [], receiptEmail: null });
};

let quoteTimer: ReturnType<typeof setTimeout> | undefined;

function askForQuote(till: Till): void {
  clearTimeout(quoteTimer);
  if (till.store.get().basket.lines.length === 0) return;
  quoteTimer = setTimeout(() => {
    void takeQuote(till).then((refusal) => refusal !== undefined && tell(till, 'bad', refusal));
  }, QUOTE_AFTER_MS);
}

/** What is shown is this browser's own reckoning, and the server can be asked for its word. */
export const isToBeQuoted = (state: Pick<State, 'sums' | 'connection'>): boolean =>
  state.sums?.isOwn === true && isOnline(state);

/**
 * Waits for the server's word on what is in work, as long as it can be asked: without a connection, or with an answer
 * that comes too late to wait for, the till's own reckoning stands. Answers why the server would not price it.
 */
export async function awaitQuote(till: Till): Promise<string | undefined> {
  while (isToBeQuoted(till.store.get())) {
    clearTimeout(quoteTimer);
    const refusal = await takeQuote(till);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

type Asked = Pick<State, 'basket' | 'customer' | 'delivery'>;
let underWay: { asked: Asked; answer: Promise<string | undefined> } | undefined;

const isSame = (one: Asked, other: Asked): boolean =>
  one.basket === other.basket && one.customer === other.customer && one.delivery === other.delivery;

/** Asks once for what is in work, however many wait for it. */
function takeQuote(till: Till): Promise<string | undefined> {
  const { basket, customer, delivery } = till.store.get();
  const asked = { basket, customer, delivery };
  if (underWay && isSame(underWay.asked, asked)) return underWay.answer;
  const answer = quote(till, asked).finally(() => {
    if (underWay?.answer === answer) underWay = undefined;
  });
  underWay = { asked, answer };
  return answer;
}

/** The server's word on prices; answers why it has none. One that comes after another change is of no use. */
async function quote(till: Till, asked: Asked): Promise<string | undefined> {
  const { store } = till;
  const { here } = store.get();
  if (!here) return undefined;
  try {
    const sums = await fetchQuote(here, asked);
    store.set({ connection: 'online' });
    if (isSame(asked, store.get())) store.set({ sums });
    takeStock(till, here).catch((error: unknown) => noteFault(till, error));
  } catch (error) {
    noteFault(till, error);
    if (error instanceof Refused && isSame(asked, store.get())) return error.message;
  }
  return undefined;
}

/** What the books say of the things in the basket that were not asked about yet. */
async function takeStock({ store }: Till, here: Here): Promise<void> {
  const { basket, stock } = store.get();
  const unknown = basket.lines.map(({ item }) => item.variantId).filter((id) => !stock.has(id));
  const found = await Promise.all(unknown.map(async (id) => [id, await fetchStock(here, id)] as const));
  if (found.length > 0) store.set({ stock: new Map([...store.get().stock, ...found]) });
}

/** Notes what a call that failed says of the connection. What is no fault of the network goes on. */
export function noteFault({ store }: Pick<Till, 'store'>, error: unknown): void {
  if (error instanceof Unreachable) store.set({ connection: 'offline' });
  else if (error instanceof SignedOut) store.set({ connection: 'signed_out' });
  else if (!(error instanceof Refused)) throw error;
}

export const isOnline = ({ connection }: Pick<State, 'connection'>): boolean => connection === 'online';

/** What a scanner, the camera or somebody's fingers said. Rubbish is named, and changes nothing. */
export async function takeScan(till: Till, scanned: Scanned): Promise<void> {
  if ('rubbish' in scanned) return refuse(till, t(`sell.scan.${scanned.rubbish}`));
  const { code } = scanned;
  if (code === '') return;
  const known = till.catalogue.byCode(code);
  if (known) return take(till, known);
  const { here } = till.store.get();
  if (!here) return refuse(till, t('sell.starting'));
  if (code.includes('@')) return void (await takeCustomer(till, code));
  try {
    const found = await lookUp(here, code);
    till.store.set({ connection: 'online' });
    if (!found && MEMBER_CODE.test(code)) return void (await takeCustomer(till, code));
    if (!found) return refuse(till, t('sell.scan.unknown', { code }));
    till.catalogue.put([found]);
    take(till, found);
  } catch (error) {
    noteFault(till, error);
    refuse(till, t(error instanceof Refused ? 'sell.scan.unknown' : 'sell.scan.unknown_offline', { code }));
  }
}

/** What a member's code looks like: no article is called so by chance. */
const MEMBER_CODE = /^[A-HJ-NP-Z2-9]{12}$/i;

export function refuse(till: Till, text: string): void {
  sound('bad');
  tell(till, 'bad', text);
}

/** Puts one into the basket; after a sale, into a new one. */
export function take(till: Till, item: Item): void {
  if (till.store.get().done) startAnew(till);
  const { basket, here } = till.store.get();
  const next = addItem(basket, item);
  if (next === basket) return refuse(till, t('sell.scan.limit', { max: QUANTITY_MAX }));
  changeBasket(till, next);
  sound('good');
  const price = here ? format.money(item.unitPriceMinor, here.currency) : '';
  tell(till, 'good', t('sell.scan.added', { title: item.title, price }));
}

/** What was paid for another basket is not paid for this one, but money that changed hands stays counted. */
export const changeBasket = (till: Till, basket: Basket): void => change(till, { basket });

/** Who buys, by their e-mail address or the code that they show: the server knows whether it is a member's. */
export async function takeCustomer(till: Till, typed: string): Promise<boolean> {
  const text = typed.trim();
  const customer = text.includes('@') ? { email: text } : { code: text };
  const { here, basket } = till.store.get();
  const item = basket.lines[0]?.item ?? till.catalogue.any();
  if (!here || !item || text === '') {
    refuse(till, t('sell.customer.not_found'));
    return false;
  }
  try {
    if (await isCustomer(here, customer, item.variantId)) {
      if (till.store.get().done) startAnew(till);
      change(till, { customer });
      sound('good');
      tell(till, 'good', t('sell.customer.found'));
      return true;
    }
    refuse(till, t('sell.customer.not_found'));
  } catch (error) {
    noteFault(till, error);
    refuse(till, t(error instanceof Refused ? 'sell.customer.not_found' : 'sell.customer.offline'));
  }
  return false;
}
