import { n, type Drawing } from './drawing.ts';
import { softPatch } from './sprite.ts';

const SHADE = '#2a1a10';

/** An object stands here: dark where it touches, and a long soft shadow away from the window. */
export function groundShadow(
  drawing: Drawing,
  x: number,
  y: number,
  radius: number,
  tall: number,
  strength = 1,
): void {
  const reach = Math.min(tall * 0.42, radius * 2.2);
  const depth = radius * 0.3;
  pool(drawing, x + reach * 0.66, y, radius + reach * 0.8, depth * 1.35, 0.36 * strength);
  pool(drawing, x + radius * 0.1, y + depth * 0.12, radius * 1.3, depth * 1.1, 0.7 * strength);
}

/** One soft patch of shade. */
export function pool(drawing: Drawing, x: number, y: number, rx: number, ry: number, opacity: number): void {
  patch(drawing, x, y, rx, ry, softPatch(SHADE, rounded(opacity), shadeFalloff));
}

/** One soft patch of light. */
export function glow(
  drawing: Drawing,
  x: number,
  y: number,
  rx: number,
  ry: number,
  colour: string,
  opacity: number,
): void {
  patch(drawing, x, y, rx, ry, softPatch(colour, rounded(opacity), glowFalloff));
}

function patch(drawing: Drawing, x: number, y: number, rx: number, ry: number, uri: string): void {
  // A patch without area is no patch, and a scale of nothing is refused by the renderer.
  if (Math.min(rx, ry) < 0.1) return;
  const id = drawing.define(uri, (name) => `<image id="${name}" width="2" height="2" href="${uri}"/>`);
  drawing.add(
    `<use href="#${id}" transform="translate(${n(x - rx)} ${n(y - ry)}) scale(${n(rx)} ${n(ry)})"/>`,
  );
}

const rounded = (opacity: number): number => Math.round(opacity * 25) / 25;

const shadeFalloff = (distance: number): number => (1 - distance * distance) ** 2.2;

const glowFalloff = (distance: number): number => (1 - distance) ** 2 * (1 + 0.35 * distance);
