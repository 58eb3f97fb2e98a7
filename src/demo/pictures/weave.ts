import { darken, lighten, lightnessOf, mix } from './colour.ts';
import { n, type Drawing } from './drawing.ts';
import type { Look } from './look.ts';

/**
 * Lays a cloth over a shape: its colour, its pattern, and the threads. Tiles are whole pixels and lie straight, since
 * any other tile must be resampled at every pixel and takes twenty times as long.
 */
export function cloth(drawing: Drawing, path: string, look: Look, unit: number): void {
  drawing.fill(path, look.colour);
  const motif = motifOf(drawing, look, unit);
  if (motif !== undefined) drawing.fill(path, motif);
  drawing.fill(path, threads(drawing, look, unit));
}

function threads(drawing: Drawing, look: Look, unit: number): string {
  const wool = look.material === 'wool';
  const size = 2 * Math.max(2, Math.round(unit * (wool ? 0.34 : 0.24)));
  const half = size / 2;
  const dark = darken(look.colour, 0.62);
  const light = lighten(look.colour, 0.75);
  const thick = n(size * 0.3);
  const strength = lightnessOf(look.colour) > 0.6 ? 0.17 : 0.26;
  const lines = wool
    ? `<path d="M0 ${n(size)}L${n(half)} 0M${n(half)} ${n(size)}L${n(size)} 0" stroke="${dark}" stroke-opacity="${strength}" stroke-width="${thick}"/><path d="M${n(half * 0.5)} ${n(size)}L${n(half * 1.5)} 0" stroke="${light}" stroke-opacity="${strength}" stroke-width="${thick}"/>`
    : `<path d="M0 ${n(half * 0.5)}H${n(half)}M${n(half)} ${n(half * 1.5)}H${n(size)}" stroke="${dark}" stroke-opacity="${strength}" stroke-width="${thick}"/><path d="M${n(half * 0.5)} ${n(half)}V${n(size)}M${n(half * 1.5)} 0V${n(half)}" stroke="${light}" stroke-opacity="${strength}" stroke-width="${thick}"/>`;
  return drawing.tile(size, size, lines);
}

/** The pattern that the loom makes, or nothing for plain cloth. */
function motifOf(drawing: Drawing, look: Look, unit: number): string | undefined {
  const { accent } = look;
  const s = Math.max(1, Math.round(unit));
  switch (look.pattern) {
    case 'plain':
    case 'band':
      return undefined;
    case 'stripe': {
      const bars = `<path d="M${n(s * 1.4)} 0V${n(s * 6)}M${n(s * 3.4)} 0V${n(s * 6)}M${n(s * 4)} 0V${n(s * 6)}" stroke="${accent}" stroke-width="${n(s * 0.3)}" stroke-opacity=".9"/><path d="M${n(s * 2.4)} 0V${n(s * 6)}" stroke="${accent}" stroke-width="${n(s * 0.9)}" stroke-opacity=".9"/>`;
      return drawing.tile(s * 6, s * 6, bars);
    }
    case 'check': {
      const size = s * 7;
      const lines = `<path d="M${n(size / 2)} 0V${n(size)}M0 ${n(size / 2)}H${n(size)}" stroke="${accent}" stroke-width="${n(s * 0.5)}" stroke-opacity=".75"/><path d="M${n(size / 2 + s)} 0V${n(size)}M0 ${n(size / 2 + s)}H${n(size)}" stroke="${accent}" stroke-width="${n(s * 0.2)}" stroke-opacity=".6"/>`;
      return drawing.tile(size, size, lines);
    }
    case 'tartan': {
      const size = s * 14;
      const third = mix(accent, '#f0e6d2', 0.6);
      const lines = `<path d="M${n(size * 0.25)} 0V${n(size)}M0 ${n(size * 0.25)}H${n(size)}" stroke="${accent}" stroke-width="${n(s * 4)}" stroke-opacity=".42"/><path d="M${n(size * 0.7)} 0V${n(size)}M0 ${n(size * 0.7)}H${n(size)}" stroke="${darken(accent, 0.3)}" stroke-width="${n(s * 1.5)}" stroke-opacity=".42"/><path d="M${n(size * 0.82)} 0V${n(size)}M0 ${n(size * 0.82)}H${n(size)}" stroke="${third}" stroke-width="${n(s * 0.35)}" stroke-opacity=".8"/>`;
      return drawing.tile(size, size, lines);
    }
    case 'herringbone': {
      const size = Math.max(6, 2 * Math.round(s * 1.6));
      let lines = '';
      for (let i = -2; i < 4; i++) {
        const y = (i * size) / 3;
        lines += `M0 ${n(y)}L${n(size / 2)} ${n(y + size / 2)}L${n(size)} ${n(y)}`;
      }
      return drawing.tile(
        size,
        size,
        `<path d="${lines}" fill="none" stroke="${accent}" stroke-width="${n(s * 0.3)}" stroke-opacity=".65"/>`,
      );
    }
    case 'diamond': {
      const size = s * 10;
      const h = size / 2;
      const inner = size * 0.26;
      const lines = `<path d="M0 ${n(h)}L${n(h)} 0L${n(size)} ${n(h)}L${n(h)} ${n(size)}Z" fill="none" stroke="${accent}" stroke-width="${n(s * 0.55)}" stroke-opacity=".9"/><path d="M${n(h - inner)} ${n(h)}L${n(h)} ${n(h - inner)}L${n(h + inner)} ${n(h)}L${n(h)} ${n(h + inner)}Z" fill="${accent}" fill-opacity=".75"/>`;
      return drawing.tile(size, size, lines);
    }
  }
}
