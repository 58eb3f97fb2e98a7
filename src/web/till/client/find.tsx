import { useEffect, useState } from 'preact/hooks';
import type { Item } from './basket.ts';
import { Unreachable } from './network.ts';
import { searchServer } from './remote.ts';
import { format, t } from './say.ts';
import { isOnline, noteFault, take, takeScan } from './selling.ts';
import type { State, Till } from './till.ts';
import { CODE_CHARS_MAX, readScan } from './wedge.ts';

export const FIND_ID = 'sell-find';
const SEARCH_AFTER_MS = 180;
const WORDS_MIN = 2;
/** A word with a digit in it is somebody's code; without, it is looked for among the names. */
const CODE = /^\S*\d\S*$/;

/** The field that is scanned into and searched with, and what it found. */
export function Find({ till, state }: { till: Till; state: State }) {
  const { typed, setTyped, active, hits, choose, onKeyDown } = useFind(till, state);
  const isOpen = hits.length > 0;
  const words = typed.trim();
  return (
    <section class="sell-find">
      <div class="sell-find-row">
        <div class="field">
          <label for={FIND_ID}>{t('sell.find')}</label>
          <input
            id={FIND_ID}
            type="text"
            role="combobox"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            enterkeyhint="done"
            placeholder={t('sell.find.hint')}
            aria-expanded={isOpen}
            aria-controls="sell-hits"
            aria-autocomplete="list"
            aria-activedescendant={active >= 0 ? `sell-hit-${active}` : undefined}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        </div>
        <button type="button" class="button plain" onClick={() => till.store.set({ dialog: 'camera' })}>
          {t('sell.camera')}
        </button>
      </div>
      <Hits hits={hits} active={active} state={state} choose={choose} />
      <p class="visually-hidden" role="status">
        {isOpen ? t('sell.find.count', { count: hits.length }) : ''}
      </p>
      {words.length >= WORDS_MIN && !isOpen && words.length <= CODE_CHARS_MAX && (
        <p class="soft small">{t('sell.find.none', { words })}</p>
      )}
    </section>
  );
}

/** What is typed, what it finds, and which of it the arrow keys are at. */
function useFind(till: Till, state: State) {
  const [typed, setText] = useState('');
  const [active, setActive] = useState(-1);
  const hits = useHits(till, state, typed);
  const setTyped = (text: string) => {
    setText(text);
    setActive(-1);
  };
  const choose = (item: Item) => {
    setTyped('');
    take(till, item);
  };
  const enter = (value: string) => {
    const scanned = readScan(value);
    const isCode =
      'rubbish' in scanned || till.catalogue.byCode(scanned.code) !== undefined || CODE.test(scanned.code);
    const hit = hits[active] ?? (isCode ? undefined : hits[0]);
    if (hit) return choose(hit);
    setTyped('');
    void takeScan(till, scanned);
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    const acts: Record<string, () => void> = {
      ArrowDown: () => setActive(Math.min(hits.length - 1, active + 1)),
      ArrowUp: () => setActive(Math.max(-1, active - 1)),
      Enter: () => enter(event.currentTarget.value),
      Escape: () => setTyped(''),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return { typed, setTyped, active, hits, choose, onKeyDown };
}

/** What this browser knows by these words, at once; then what the server knows beside. */
function useHits(till: Till, state: State, typed: string): Item[] {
  const [more, setMore] = useState<{ words: string; items: Item[] }>({ words: '', items: [] });
  const words = typed.trim();
  const isSearch = words.length >= WORDS_MIN && words.length <= CODE_CHARS_MAX;
  useEffect(() => {
    const { here } = state;
    if (!isSearch || !here || !isOnline(state)) return undefined;
    const timer = setTimeout(() => {
      searchServer(here, words)
        .then((items) => {
          till.catalogue.put(items);
          setMore({ words, items });
        })
        .catch((error: unknown) => {
          // Then what is known here has to do; whether the connection is gone shows beside.
          if (error instanceof Unreachable) noteFault(till, error);
        });
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [words, isSearch]);
  if (!isSearch) return [];
  const own = till.catalogue.search(words);
  const known = new Set(own.map(({ variantId }) => variantId));
  const others = more.words === words ? more.items.filter(({ variantId }) => !known.has(variantId)) : [];
  return [...own, ...others].slice(0, 8);
}

interface HitsProps {
  hits: readonly Item[];
  active: number;
  state: State;
  choose: (item: Item) => void;
}

function Hits({ hits, active, state, choose }: HitsProps) {
  const currency = state.here?.currency;
  return (
    <ul
      id="sell-hits"
      class="sell-hits"
      role="listbox"
      aria-label={t('sell.find.results')}
      hidden={hits.length === 0}
    >
      {hits.map((item, index) => (
        <li
          key={item.variantId}
          id={`sell-hit-${index}`}
          role="option"
          aria-selected={index === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(item)}
        >
          <ItemPicture item={item} />
          <span class="sell-hit-words">
            <strong>{item.title}</strong>
            <span class="soft small">{[item.options, item.sku].filter(Boolean).join(' · ')}</span>
          </span>
          <span class="figures">{currency && format.money(item.unitPriceMinor, currency)}</span>
        </li>
      ))}
    </ul>
  );
}

export function ItemPicture({ item: { pictureUrl } }: { item: Item }) {
  return (
    <span class="picture sell-picture">
      {pictureUrl && <img src={pictureUrl} alt="" width={48} height={60} loading="lazy" decoding="async" />}
    </span>
  );
}
