import { useEffect, useState } from 'preact/hooks';
import type { Say } from './look-composing.tsx';

/** A product that may be put in. */
export interface Offered {
  id: string;
  title: string;
  whole: string;
  cut: string | null;
  ratio: number;
}

const WAIT_MS = 250;

/** Search in place; without words, what is on one's boards. */
export function LookPicker({ say, onPick }: { say: Say; onPick: (thing: Offered) => void }) {
  const [words, setWords] = useState('');
  const [things, setThings] = useState<Offered[] | null>(null);
  useEffect(() => {
    const asked = new AbortController();
    const timer = setTimeout(() => {
      fetch(`/looks/things?${new URLSearchParams({ q: words })}`, {
        headers: { accept: 'application/json' },
        signal: asked.signal,
      })
        .then((answer) => answer.json() as Promise<{ things: Offered[] }>)
        .then((found) => setThings(found.things))
        .catch(() => {}); // another search has begun, or there is no connection: what was found stays
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [words]);
  return (
    <div class="composer-picker">
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
      {things?.length === 0 && <p class="soft">{say('none')}</p>}
      <ul aria-label={say('found')}>
        {things?.map((thing) => (
          <li key={thing.id}>
            <button type="button" onClick={() => onPick(thing)}>
              <img src={thing.cut ?? thing.whole} alt="" loading="lazy" width={96} height={120} />
              <span>{thing.title}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
