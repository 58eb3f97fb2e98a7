import type { Drawing } from './drawing.ts';

export const KINDS = [
  'vase',
  'mug',
  'tableware',
  'lamp',
  'seat',
  'table',
  'shelf',
  'cushion',
  'textile',
  'candle',
  'mirror',
  'clock',
  'basket',
  'jar',
  'planter',
  'board',
] as const;
export type Kind = (typeof KINDS)[number];

export type Material =
  | 'stoneware'
  | 'porcelain'
  | 'terracotta'
  | 'enamel'
  | 'glass'
  | 'brass'
  | 'paper'
  | 'oak'
  | 'linen'
  | 'wool'
  | 'rattan'
  | 'wax';

export type Pattern = 'plain' | 'stripe' | 'check' | 'herringbone' | 'diamond' | 'band' | 'tartan';

/** One thing as it is made: enough to draw it again, and nothing else. */
export interface Look {
  kind: Kind;
  /** One of the kind's forms; see FORMS. */
  form: string;
  material: Material;
  /** Main colour, `#rrggbb`. */
  colour: string;
  /** Second colour: bare clay, rim, stripe, cord. */
  accent: string;
  /** Centimetres, as on the product page. */
  width: number;
  height: number;
  pattern: Pattern;
  seed: string;
}

/** Where a thing goes: its foot's middle (or its hook, when it hangs), and pixels to the centimetre. */
export interface Place {
  x: number;
  y: number;
  unit: number;
}

interface Box {
  width: number;
  height: number;
}

/** How one kind is drawn. */
export interface Draughtsman {
  forms: readonly string[];
  /** Stands on the ground, or hangs on the wall or from above. */
  mount: (look: Look) => 'stand' | 'wall' | 'ceiling';
  /** Centimetres that the drawing takes: with the stems in a vase it is more than the thing's own size. */
  extent: (look: Look) => Box;
  draw: (drawing: Drawing, look: Look, place: Place) => void;
}
