/** Linear light, 0 to 1, as red, green, blue. */
export type Light = readonly [number, number, number];

/** The finish adds up to 5 to each channel as grain, in one addition a pixel: nothing may be brighter. */
const BRIGHTEST = 250;

export function linear(hex: string): Light {
  const value = Number.parseInt(hex.slice(1), 16);
  return [expand(value >> 16), expand((value >> 8) & 255), expand(value & 255)];
}

export function hexOf([red, green, blue]: Light): string {
  return pack(compress(red), compress(green), compress(blue));
}

/** From `a` at 0 to `b` at 1, as a painter mixes: in display space. */
export function mix(a: string, b: string, share: number): string {
  const from = Number.parseInt(a.slice(1), 16);
  const to = Number.parseInt(b.slice(1), 16);
  const channel = (shift: number): number => {
    const start = (from >> shift) & 255;
    return start + (((to >> shift) & 255) - start) * share;
  };
  return pack(channel(16), channel(8), channel(0));
}

export const lighten = (hex: string, share: number): string => mix(hex, '#fff6e6', share);

/** Shadows here are warm: they go towards umber, never to black. */
export const darken = (hex: string, share: number): string => mix(hex, '#20130a', share);

/** 0 for black, 1 for white, as the eye takes it. */
export function lightnessOf(hex: string): number {
  const [red, green, blue] = linear(hex);
  return Math.cbrt(0.2126 * red + 0.7152 * green + 0.0722 * blue);
}

/** The same colour with no channel above the brightest that a picture may have. */
export const dimmed = (hex: string): string => mix(hex, hex, 0);

function pack(red: number, green: number, blue: number): string {
  const value = (clamped(red) << 16) | (clamped(green) << 8) | clamped(blue);
  return `#${value.toString(16).padStart(6, '0')}`;
}

const clamped = (channel: number): number => Math.max(0, Math.min(BRIGHTEST, Math.round(channel)));

function expand(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function compress(light: number): number {
  const clear = Math.max(0, light);
  // Past full light the curve bends, so that highlights stay creamy and keep their hue.
  const rolled = clear < 0.8 ? clear : 0.8 + 0.2 * (1 - 1 / (1 + (clear - 0.8) * 5));
  return 255 * (rolled <= 0.0031308 ? rolled * 12.92 : 1.055 * rolled ** (1 / 2.4) - 0.055);
}
