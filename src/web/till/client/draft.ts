import { useState } from 'preact/hooks';
import type { Till } from './till.ts';

/**
 * What was typed into a dialog: there again when it is opened again, for a key may have put another in its place. It
 * goes with the sale that it is about.
 */
export function useDraft(till: Till, name: string, first: string): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(till.store.get().drafts[name] ?? first);
  const keep = (text: string) => {
    setTyped(text);
    keepDraft(till, name, text);
  };
  return [typed, keep];
}

/** What is done with is forgotten. */
export function dropDraft({ store }: Till, name: string): void {
  const { [name]: _done, ...drafts } = store.get().drafts;
  store.set({ drafts });
}

const keepDraft = ({ store }: Till, name: string, text: string): void =>
  store.set({ drafts: { ...store.get().drafts, [name]: text } });
