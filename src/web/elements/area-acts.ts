const ACTS_MAX = 500;

/** What the list of an area's parts is written through, so that each act can be taken back, the last one first. */
export interface Acts {
  /** Writes what an act makes of the list. Acts of one name, one after the other, are one. */
  put(text: string, name?: string): void;
  /** Ends an act that has a name. */
  end(): void;
  /** False where there is none left. */
  takeBack(): boolean;
}

/** What is typed into the list is an act as well, once the typing is over. */
export function actsOn(list: HTMLTextAreaElement, how: HTMLSelectElement): Acts {
  const before: { text: string; how: string }[] = [];
  let known = { text: list.value, how: how.value };
  let last = '';
  const keep = () => {
    before.push(known);
    if (before.length > ACTS_MAX) before.shift();
  };
  const noteTyped = () => {
    last = '';
    if (list.value !== known.text) keep();
    known = { text: list.value, how: how.value };
  };
  list.addEventListener('change', noteTyped);
  how.addEventListener('change', () => {
    noteTyped();
    known = { ...known, how: how.value };
  });
  return {
    put: (text, name = '') => {
      if (list.value !== known.text) noteTyped();
      if (text === known.text) return;
      if (name === '' || name !== last) keep();
      last = name;
      list.value = text;
      known = { text, how: how.value };
    },
    end: () => {
      last = '';
    },
    takeBack: () => {
      noteTyped();
      const kept = before.pop();
      if (!kept) return false;
      known = kept;
      list.value = kept.text;
      // Whoever draws is not sent back to where no map is.
      if (kept.how !== 'postcodes') how.value = kept.how;
      return true;
    },
  };
}
