/** What the process that renders looks is given: bytes alone, so that it needs no storage and starts in no time. */
export interface RenderTask {
  /** Pictures whose ground is to be taken away. */
  cut: { mediaId: string; bytes: Uint8Array }[];
  /** By the keys that the drawing's parts name them by. */
  sprites: ReadonlyMap<string, SpriteSource>;
  drawing: Drawing | null;
}

/** As it was kept, or the picture that it is to be made of. */
export interface SpriteSource {
  bytes: Uint8Array;
  isKept: boolean;
}

/** A look as it is drawn: what lies below comes first. Units are the canvas's. */
export interface Drawing {
  ground: string;
  scene: Uint8Array | null;
  parts: (DrawnItem | DrawnWords)[];
}

interface DrawnItem {
  kind: 'item';
  mediaId: string;
  isCutOut: boolean;
  x: number;
  y: number;
  width: number;
  turn: number;
}

export interface DrawnWords {
  kind: 'words';
  words: string;
  x: number;
  y: number;
  size: number;
  turn: number;
  colour: string;
}

/** Of a picture, with its ground or without. */
export const spriteKey = (mediaId: string, isCutOut: boolean): string =>
  `${mediaId} ${isCutOut ? 'cut' : 'whole'}`;

/** A file and what is in it. */
export type Encoded = readonly [name: string, bytes: Uint8Array];

export interface Cut {
  mediaId: string;
  size: { width: number; height: number } | null;
  /** For pages; null where the ground is not plain. */
  webp: Uint8Array | null;
}

export interface Rendered {
  cut: Cut[];
  /** Sprites that were made, to be kept for the next look: by key. */
  sprites: Map<string, Uint8Array>;
  picture: { files: Encoded[]; width: number; height: number } | null;
}

/** In this order: what is shown at once, and then the smaller files of the same picture. */
export type Answer =
  | { to: number; rendered: Rendered }
  | { to: number; finer: Encoded[] }
  | { to: number; fault: string };
