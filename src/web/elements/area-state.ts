import type * as leaflet from 'leaflet';
import type { Acts } from './area-acts.ts';

/** What is said stands in the page's catalogue; `#number`, `#place` and `#count` are put in here. */
export interface Words {
  label: string;
  outline: string;
  cells: string;
  size: string;
  add: string;
  take: string;
  remove: string;
  undo: string;
  clear: string;
  show: string;
  point: string;
  added: string;
  moved: string;
  removed: string;
  chosen: string;
  none: string;
  taken: string;
  left: string;
  cleared: string;
  undone: string;
  nothing: string;
}

/** A map on which an area is drawn, and what is chosen on it. */
export interface Drawing {
  map: leaflet.Map;
  layer: leaflet.LayerGroup;
  list: HTMLTextAreaElement;
  how: HTMLSelectElement;
  size: HTMLInputElement;
  words: Words;
  acts: Acts;
  corners: leaflet.Marker[];
  chosen: number | undefined;
  /** To those who do not see the map, and to those who do. */
  say: (words: string, facts: Partial<Record<'number' | 'place' | 'count', number | string>>) => void;
  draw: () => void;
}
