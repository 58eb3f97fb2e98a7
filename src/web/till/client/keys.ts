import { FIND_ID } from './find.tsx';
import { startAnew, takeScan } from './selling.ts';
import { CODE_ID, CUSTOMER_ID } from './sums.tsx';
import type { State, Till } from './till.ts';
import { makeWedge } from './wedge.ts';

const SINGLE = 'stoa-till-question-mark';
/** As long as a scanner needs for its next sign: a question mark that is followed by more is part of a code. */
const ALONE_MS = 60;

/** Whether a question mark by itself opens the list of keys: speech and scanners may type one unasked. */
export const isSingle = (): boolean => localStorage.getItem(SINGLE) !== 'off';
export const setSingle = (isOn: boolean): void => localStorage.setItem(SINGLE, isOn ? 'on' : 'off');

/** Keys that mean the same wherever the focus is, and a scanner that types while no field has it. */
export function listenToKeys(till: Till): void {
  const wedge = makeWedge();
  let alone: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener(
    'keydown',
    (event) => {
      clearTimeout(alone);
      if (actOn(till, event.key)) return event.preventDefault();
      if (till.store.get().dialog !== null || isField(event.target)) return;
      const heard = wedge({ key: event.key, ctrlKey: event.ctrlKey, atMs: event.timeStamp });
      if (heard.part !== 'none') event.preventDefault();
      if (heard.part === 'end') void takeScan(till, heard.scanned);
      else if (event.key === '?' && isSingle()) {
        alone = setTimeout(() => till.store.set({ dialog: 'help' }), ALONE_MS);
      }
    },
    // Before a button hears the Enter that only ends a scan.
    { capture: true },
  );
}

function isField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Does what a function key is for; false for any other key. */
function actOn(till: Till, key: string): boolean {
  const { store } = till;
  const state = store.get();
  const act = actFor(till, state, key);
  if (!act) return false;
  act();
  return true;
}

function actFor(till: Till, { basket, sums, done }: State, key: string): (() => void) | undefined {
  const open = (dialog: State['dialog']) => () => till.store.set({ dialog });
  const focus = (id: string) => () => {
    if (done) startAnew(till);
    till.store.set({ dialog: null });
    // Once the page is drawn without the dialog, which gives the focus back to where it was.
    setTimeout(() => document.getElementById(id)?.focus());
  };
  const nothing = () => undefined;
  const isSelling = basket.lines.length > 0 && sums !== null && !done;
  switch (key) {
    case 'F1':
      return open('help');
    case 'F2':
      return focus(FIND_ID);
    case 'F4':
      return isSelling ? open('pay') : nothing;
    case 'F6':
      return isSelling ? open('park') : nothing;
    case 'F7':
      return open('parked');
    case 'F8':
      return focus(CUSTOMER_ID);
    case 'F9':
      return focus(CODE_ID);
    default:
      return undefined;
  }
}
