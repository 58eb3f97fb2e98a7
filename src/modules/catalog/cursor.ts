import { catalogErrors } from './errors.ts';

/** Where a page ended: how it was made, the last row's place in the order, and its id. */
export interface Cursor {
  mode: 'e' | 'o' | 'h';
  key: string;
  id: string;
}

const CURSOR = /^([eoh])\.(-?\d{1,18})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export function cursorOf(text: string): Cursor {
  const [, mode, key, id] = CURSOR.exec(text) ?? [];
  if (mode === undefined || key === undefined || id === undefined) throw catalogErrors.cursor_unknown({});
  return { mode: mode as Cursor['mode'], key, id };
}
