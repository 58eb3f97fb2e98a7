import { type BasketLine, type Item, QUANTITY_MAX, removeItem, setQuantity } from './basket.ts';
import { Coming } from './coming.tsx';
import { FIND_ID, ItemPicture } from './find.tsx';
import { format, t } from './say.ts';
import { changeBasket } from './selling.ts';
import { type State, tell, type Till } from './till.ts';

/** What is in the basket, line by line. */
export function Lines({ till, state }: { till: Till; state: State }) {
  const { lines } = state.basket;
  return (
    <section class="sell-basket" aria-labelledby="sell-basket">
      <h1 id="sell-basket">{t('sell.basket')}</h1>
      {lines.length === 0 ? (
        <div class="sell-empty">
          <h2>{t('sell.basket.empty')}</h2>
          <p class="soft">{t('sell.basket.empty.text')}</p>
        </div>
      ) : (
        <ul class="sell-lines">
          {lines.map((line, index) => (
            <li key={line.item.variantId}>
              <Line till={till} state={state} line={line} index={index} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface LineProps {
  till: Till;
  state: State;
  line: BasketLine;
  index: number;
}

function Line({ till, state, line, index }: LineProps) {
  const { item, quantity } = line;
  const { here, basket, sums } = state;
  const { title, variantId } = item;
  const priced = sums?.lines[index];
  const set = (next: number) => changeBasket(till, setQuantity(basket, variantId, next));
  const remove = () => {
    changeBasket(till, removeItem(basket, variantId));
    tell(till, 'good', t('sell.line.removed', { title }));
    document.getElementById(FIND_ID)?.focus();
  };
  const money = (minor: number) => (here ? format.money(minor, here.currency) : '');
  return (
    <article class="sell-line" aria-label={title}>
      <ItemPicture item={item} />
      <div class="sell-line-words">
        <h2>{title}</h2>
        <p class="soft small">
          {[item.options, quantity > 1 && t('sell.line.each', { price: money(item.unitPriceMinor) })]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <Stock till={till} item={item} quantity={quantity} stock={state.stock} />
      </div>
      <Quantity title={title} quantity={quantity} set={set} />
      <p class="sell-line-sum figures">
        {priced && priced.discountMinor > 0 && <s class="soft small">{money(priced.grossMinor)}</s>}
        {priced && money(priced.grossMinor - priced.discountMinor)}
      </p>
      <button
        type="button"
        class="button plain sell-remove"
        aria-label={t('sell.line.remove_of', { title })}
        onClick={remove}
      >
        ×
      </button>
    </article>
  );
}

interface StockProps {
  till: Till;
  item: Item;
  quantity: number;
  stock: State['stock'];
}

/** What the books say is on this shelf and on others, as far as they could be asked. */
function Stock({ till, item: { variantId, title }, quantity, stock }: StockProps) {
  const there = stock.get(variantId);
  if (!there) return null;
  const isShort = there.here < quantity;
  return (
    <p class="sell-stock small">
      <span class={isShort ? 'sell-short' : 'soft'}>
        {t(isShort ? 'sell.line.short' : 'sell.line.here', { count: Math.max(0, there.here) })}
      </span>
      <button
        type="button"
        class="text-button"
        aria-label={t('sell.line.elsewhere_of', { count: there.elsewhere, title })}
        onClick={() => till.store.set({ dialog: { elsewhere: variantId } })}
      >
        {t('sell.line.elsewhere', { count: there.elsewhere })}
      </button>
      {isShort && <Coming stock={there} />}
    </p>
  );
}

function Quantity({ title, quantity, set }: { title: string; quantity: number; set: (to: number) => void }) {
  return (
    <div class="sell-quantity">
      <button
        type="button"
        aria-label={t('sell.line.fewer', { title })}
        aria-disabled={quantity <= 1}
        onClick={() => set(quantity - 1)}
      >
        −
      </button>
      <input
        type="number"
        inputmode="numeric"
        min={1}
        max={QUANTITY_MAX}
        aria-label={t('sell.line.quantity', { title })}
        value={quantity}
        onChange={(event) => {
          set(event.currentTarget.valueAsNumber);
          // What is no quantity changes nothing: the field shows again what holds.
          event.currentTarget.value = String(quantity);
        }}
      />
      <button
        type="button"
        aria-label={t('sell.line.more', { title })}
        aria-disabled={quantity >= QUANTITY_MAX}
        onClick={() => set(quantity + 1)}
      >
        +
      </button>
    </div>
  );
}
