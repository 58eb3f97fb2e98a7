/** A thing on the canvas of a look, 1000 wide and 1250 high; `x` and `y` are its middle. */
export interface ItemPart {
  kind: 'item';
  key: string;
  productId: string;
  variantId: string | null;
  shape: 'cut_out' | 'whole' | 'hotspot';
  title: string;
  src: string | null;
  ratio: number;
  x: number;
  y: number;
  width: number;
  turn: number;
}

export interface WordsPart {
  kind: 'words';
  key: string;
  words: string;
  colour: string;
  x: number;
  y: number;
  size: number;
  turn: number;
}

export type Part = ItemPart | WordsPart;

/** What lies below comes first. */
export interface Layout {
  sceneId: string | null;
  scene: string | null;
  parts: readonly Part[];
}

export type Say = (key: string, values?: Record<string, string | number>) => string;

/** Something that is done to the selected part, by key, button or pointer. */
export type Act =
  | { do: 'move'; x: number; y: number }
  | { do: 'scale'; by: number }
  | { do: 'size'; to: number }
  | { do: 'turn'; by: number }
  | { do: 'face'; to: number }
  | { do: 'layer'; by: 1 | -1 }
  | { do: 'remove' }
  | { do: 'shape'; shape: ItemPart['shape'] }
  | { do: 'words'; words: string }
  | { do: 'colour'; colour: string };

export const nameOf = (part: Part): string => (part.kind === 'item' ? part.title : part.words);

/** A layout with those before it, for undo, and those that were undone. */
export interface History {
  past: readonly Layout[];
  now: Layout;
  future: readonly Layout[];
}

const PAST_MAX = 100;

export const begin = (now: Layout): History => ({ past: [], now, future: [] });

export function change({ past, now }: History, next: Layout): History {
  return { past: [...past, now].slice(-PAST_MAX), now: next, future: [] };
}

/** The same step goes on, as while something is dragged: it is undone at once. */
export const goOn = (history: History, next: Layout): History => ({ ...history, now: next });

export function undo({ past, now, future }: History): History {
  const before = past.at(-1);
  return before ? { past: past.slice(0, -1), now: before, future: [now, ...future] } : { past, now, future };
}

export function redo({ past, now, future }: History): History {
  const [after, ...rest] = future;
  return after ? { past: [...past, now], now: after, future: rest } : { past, now, future };
}

const within = (value: number, least: number, most: number) =>
  Math.round(Math.min(most, Math.max(least, value)));

export const moved = <P extends Part>(part: P, x: number, y: number): P => ({
  ...part,
  x: within(x, 0, 1000),
  y: within(y, 0, 1250),
});

export const scaled = (part: Part, factor: number): Part =>
  sized(part, factor * (part.kind === 'item' ? part.width : part.size));

/** So wide, or with letters so high. */
export function sized(part: Part, to: number): Part {
  return part.kind === 'item'
    ? { ...part, width: within(to, 40, 1600) }
    : { ...part, size: within(to, 16, 300) };
}

/** By so many degrees, kept between half a turn to either side. */
export function turned<P extends Part>(part: P, degrees: number): P {
  const turn = Math.round(part.turn + degrees);
  return { ...part, turn: ((((turn + 180) % 360) + 360) % 360) - 180 };
}

/** One layer up or down; at the top and at the bottom nothing changes. */
export function layered(parts: readonly Part[], key: string, by: 1 | -1): readonly Part[] {
  const at = parts.findIndex((part) => part.key === key);
  const other = parts[at + by];
  const part = parts[at];
  if (!part || !other) return parts;
  return parts.with(at, other).with(at + by, part);
}

/** As the form sends it. */
export function sent({ sceneId, parts }: Layout): string {
  const items = parts.flatMap((part, place) => {
    if (part.kind !== 'item') return [];
    const { productId, variantId, shape, x, y, width, turn } = part;
    return [{ productId, variantId, shape, x, y, width, turn, place }];
  });
  const wordings = parts.flatMap((part, place) => {
    if (part.kind !== 'words' || part.words.trim() === '') return [];
    const { words, colour, x, y, size, turn } = part;
    return [{ words, colour, x, y, size, turn, place }];
  });
  return JSON.stringify({ sceneId, items, wordings });
}
