import { dimmed } from './colour.ts';

/** Collects one picture: definitions, each once, and shapes in the order they are painted. */
export class Drawing {
  readonly width: number;
  readonly height: number;
  readonly #ids = new Map<string, string>();
  readonly #defs: string[] = [];
  readonly #shapes: string[] = [];

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  /** `write` is given the id to write; the same content asked for again gives the first one's id. */
  define(content: string, write: (id: string) => string): string {
    const known = this.#ids.get(content);
    if (known !== undefined) return known;
    const id = `d${this.#ids.size.toString(36)}`;
    this.#ids.set(content, id);
    this.#defs.push(write(id));
    return id;
  }

  add(shape: string): void {
    this.#shapes.push(shape);
  }

  /** Paints what `draw` adds inside one group. */
  group(attributes: string, draw: () => void): void {
    this.#shapes.push(`<g ${attributes}>`);
    draw();
    this.#shapes.push('</g>');
  }

  fill(path: string, paint: string, extra = ''): void {
    this.#shapes.push(`<path d="${path}" fill="${paint}"${extra}/>`);
  }

  stroke(path: string, paint: string, width: number, extra = ''): void {
    this.#shapes.push(`<path d="${path}" fill="none" stroke="${paint}" stroke-width="${n(width)}"${extra}/>`);
  }

  /** A gradient in the shape's own box, from (x1, y1) to (x2, y2). */
  gradient(stops: string, [x1, y1, x2, y2]: readonly number[] = [0, 0, 1, 0]): string {
    const line = `x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"`;
    const id = this.define(
      `${line} ${stops}`,
      (name) => `<linearGradient id="${name}" ${line}>${stops}</linearGradient>`,
    );
    return `url(#${id})`;
  }

  /** A gradient along a line of the picture. */
  gradientAlong(stops: string, from: Point, to: Point): string {
    const line = `gradientUnits="userSpaceOnUse" x1="${n(from[0])}" y1="${n(from[1])}" x2="${n(to[0])}" y2="${n(to[1])}"`;
    const id = this.define(
      `${line} ${stops}`,
      (name) => `<linearGradient id="${name}" ${line}>${stops}</linearGradient>`,
    );
    return `url(#${id})`;
  }

  radial(stops: string, cx = 0.5, cy = 0.5, r = 0.5): string {
    const place = `cx="${n3(cx)}" cy="${n3(cy)}" r="${n3(r)}"`;
    const id = this.define(
      `${place} ${stops}`,
      (name) => `<radialGradient id="${name}" ${place}>${stops}</radialGradient>`,
    );
    return `url(#${id})`;
  }

  /** A tile repeated over a shape. */
  tile(width: number, height: number, content: string): string {
    const id = this.define(
      `tile ${width} ${height} ${content}`,
      (name) =>
        `<pattern id="${name}" width="${n(width)}" height="${n(height)}" patternUnits="userSpaceOnUse">${content}</pattern>`,
    );
    return `url(#${id})`;
  }

  toString(): string {
    const { width, height } = this;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" stroke-linecap="round" stroke-linejoin="round"><defs>${this.#defs.join('')}</defs>${this.#shapes.join('')}</svg>`;
    return svg.replace(/#[0-9a-f]{6}\b/g, dimmed);
  }
}

export type Point = readonly [number, number];

/** Stops from pairs of place and colour, with an opacity where it is not full. */
export function stops(...list: readonly (readonly [number, string, number?])[]): string {
  return list
    .map(([offset, colour, opacity]) =>
      opacity === undefined
        ? `<stop offset="${n3(offset)}" stop-color="${colour}"/>`
        : `<stop offset="${n3(offset)}" stop-color="${colour}" stop-opacity="${n3(opacity)}"/>`,
    )
    .join('');
}

/** A tenth of a unit is finer than a pixel, and keeps the text short and the same everywhere. */
export const n = (value: number): number => Math.round(value * 10) / 10 + 0;
const n3 = (value: number): number => Math.round(value * 1000) / 1000 + 0;

export const polygon = (points: readonly Point[]): string =>
  `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`;

export const polyline = (points: readonly Point[]): string =>
  `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}`;

export const ellipse = (cx: number, cy: number, rx: number, ry: number): string =>
  `M${n(cx - rx)} ${n(cy)}a${n(rx)} ${n(ry)} 0 1 0 ${n(2 * rx)} 0a${n(rx)} ${n(ry)} 0 1 0 ${n(-2 * rx)} 0Z`;

/** A smooth line through the points (Catmull-Rom as Bézier curves). */
export function curve(points: readonly Point[], closed = false): string {
  const at = (i: number): Point => {
    const length = points.length;
    const index = closed ? (i + length) % length : Math.max(0, Math.min(length - 1, i));
    return points[index] ?? [0, 0];
  };
  const start = at(0);
  let path = `M${n(start[0])} ${n(start[1])}`;
  const last = closed ? points.length : points.length - 1;
  for (let i = 0; i < last; i++) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const c1 = [p1[0] + (p2[0] - p0[0]) / 6, p1[1] + (p2[1] - p0[1]) / 6] as const;
    const c2 = [p2[0] - (p3[0] - p1[0]) / 6, p2[1] - (p3[1] - p1[1]) / 6] as const;
    path += `C${n(c1[0])} ${n(c1[1])} ${n(c2[0])} ${n(c2[1])} ${n(p2[0])} ${n(p2[1])}`;
  }
  return closed ? `${path}Z` : path;
}
