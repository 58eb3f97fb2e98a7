import { useEffect, useState } from 'preact/hooks';
import type { Say } from './look-layout.ts';

/** A product that may be put in. */
export interface Offered {
  id: string;
  title: string;
  whole: string;
  cut: string | null;
  ratio: number;
}

const WAIT_MS = 250;
const DRAGGED = 'application/x-stoa-thing';

/** Whether what is dragged is a product of this list. */
export const isThing = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes(DRAGGED) === true;

export function droppedThing(event: DragEvent): Offered | undefined {
  return isThing(event) ? (JSON.parse(event.dataTransfer?.getData(DRAGGED) ?? 'null') as Offered) : undefined;
}

/** Asked for a while after the last change; an answer that was overtaken is dropped. */
function useThings(query: string): Offered[] | null {
  const [things, setThings] = useState<Offered[] | null>(null);
  useEffect(() => {
    const asked = new AbortController();
    const timer = setTimeout(() => {
      fetch(`/looks/things?${query}`, { headers: { accept: 'application/json' }, signal: asked.signal })
        .then((answer) => answer.json() as Promise<{ things: Offered[] }>)
        .then((found) => setThings(found.things))
        .catch(() => {}); // another search has begun, or there is no connection: what was found stays
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [query]);
  return things;
}

interface Props {
  say: Say;
  /** What is in the look already. */
  productIds: readonly string[];
  onPick: (thing: Offered) => void;
}

/** Search in place; without words, what is on one's boards. Above it what goes with the look as it is. */
export function LookPicker({ say, productIds, onPick }: Props) {
  const [words, setWords] = useState('');
  const found = useThings(new URLSearchParams({ q: words }).toString());
  const fitting = useThings(new URLSearchParams({ beside: productIds.join(',') }).toString());
  return (
    <div class="composer-picker">
      {productIds.length > 0 && fitting !== null && fitting.length > 0 && (
        <>
          <h2 class="composer-title">{say('fitting')}</h2>
          <Things things={fitting} label={say('fitting')} onPick={onPick} />
        </>
      )}
      <div class="field">
        <label for="composer-search">{say('search')}</label>
        <input
          id="composer-search"
          type="search"
          value={words}
          onInput={(event) => {
            event.stopPropagation();
            setWords(event.currentTarget.value);
          }}
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        />
      </div>
      {found?.length === 0 && <p class="soft">{say('none')}</p>}
      <Things things={found ?? []} label={say('found')} onPick={onPick} />
    </div>
  );
}

function Things({
  things,
  label,
  onPick,
}: {
  things: readonly Offered[];
  label: string;
  onPick: Props['onPick'];
}) {
  return (
    <ul aria-label={label}>
      {things.map((thing) => (
        <li key={thing.id}>
          <button
            type="button"
            draggable
            onClick={() => onPick(thing)}
            onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, JSON.stringify(thing))}
          >
            <img
              src={thing.cut ?? thing.whole}
              alt=""
              loading="lazy"
              width={96}
              height={120}
              draggable={false}
            />
            <span>{thing.title}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
