/** Longer than any code on a label or a card; what comes in longer is a scanner gone wrong. */
export const CODE_CHARS_MAX = 64;
/** People pause longer between two keys, scanners do not. */
const BETWEEN_KEYS_MS_MAX = 50;
/** Two quick letters are somebody's typing. */
const SCANNED_CHARS_MIN = 4;

export type Rubbish = 'too_long' | 'control';
export type Scanned = { code: string } | { rubbish: Rubbish };

interface Key {
  key: string;
  /** With Control held: how scanners send what is no letter. */
  ctrlKey: boolean;
  atMs: number;
}

/** What a key was: of a scan's middle, its end with what was scanned, or a key that people press. */
export type Heard = { part: 'none' | 'middle' } | { part: 'end'; scanned: Scanned };

/**
 * A scanner that types: keys too fast for fingers, ended by Enter. Rubbish is told once, as soon as it is certain, and
 * what is left of it is swallowed with its Enter.
 */
export function makeWedge(): (key: Key) => Heard {
  let text = '';
  let length = 0;
  let isControl = false;
  let isTold = false;
  let lastMs = Number.NEGATIVE_INFINITY;
  const begin = () => {
    text = '';
    length = 0;
    isControl = false;
    isTold = false;
  };
  return ({ key, ctrlKey, atMs }) => {
    // Shift and its like come between the letters of a scan and are none.
    if (key === 'Shift' || key === 'Control' || key === 'Alt' || key === 'CapsLock') return { part: 'none' };
    if (atMs - lastMs > BETWEEN_KEYS_MS_MAX) begin();
    lastMs = atMs;
    if (key === 'Enter') {
      const wasTold = isTold;
      const isScan = length >= SCANNED_CHARS_MIN;
      const scanned: Scanned = isControl ? { rubbish: 'control' } : { code: text };
      begin();
      if (wasTold) return { part: 'middle' };
      return isScan ? { part: 'end', scanned } : { part: 'none' };
    }
    if (Array.from(key).length !== 1) return { part: length > 0 ? 'middle' : 'none' };
    length++;
    if (ctrlKey) isControl = true;
    if (length <= CODE_CHARS_MAX) text += key;
    else if (!isTold) {
      isTold = true;
      return { part: 'end', scanned: { rubbish: 'too_long' } };
    }
    return { part: length > 1 ? 'middle' : 'none' };
  };
}

/** What stands in the scanning field: as a camera or a finger wrote it. */
export function readScan(typed: string): Scanned {
  const code = typed.trim();
  if (code.length > CODE_CHARS_MAX) return { rubbish: 'too_long' };
  return /\p{C}/u.test(code) ? { rubbish: 'control' } : { code };
}
