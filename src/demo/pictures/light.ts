import { hexOf, linear, type Light } from './colour.ts';

/** How a surface answers the light. */
export type Finish = 'matt' | 'satin' | 'gloss' | 'metal';

/** A direction: x to the right, y up, z towards the viewer. */
export type Normal = readonly [number, number, number];

interface Answer {
  shine: number;
  sharpness: number;
  /** How far light creeps round into the shade. */
  wrap: number;
}

const ANSWERS: Record<Finish, Answer> = {
  matt: { shine: 0.025, sharpness: 6, wrap: 0.34 },
  satin: { shine: 0.13, sharpness: 18, wrap: 0.26 },
  gloss: { shine: 0.42, sharpness: 52, wrap: 0.2 },
  metal: { shine: 0.9, sharpness: 30, wrap: 0.1 },
};

/** One window, high on the left, in every picture. */
const KEY: Normal = [-0.56, 0.5, 0.66];
const HALF: Normal = [-0.306, 0.328, 0.893];
const KEY_COLOUR: Light = [1.06, 1.0, 0.91];
const SKY_COLOUR: Light = [0.86, 0.9, 0.97];
const BOUNCE_COLOUR: Light = [1.0, 0.86, 0.7];

/** The colour that a surface of this colour, turned this way, shows. `exposure` below 1 is in the shade. */
export function lit(hex: string, normal: Normal, finish: Finish, exposure = 1): string {
  const albedo = linear(hex);
  const answer = ANSWERS[finish];
  const facing = dot(normal, KEY);
  const key = Math.max(0, (facing + answer.wrap) / (1 + answer.wrap));
  const sky = 0.5 + 0.5 * normal[1];
  const rim = Math.max(0, normal[0]) ** 3 * 0.16;
  const spark = answer.shine * Math.max(0, dot(normal, HALF)) ** answer.sharpness;
  const metal = finish === 'metal' ? mirrored(normal) : 1;
  const channel = (i: 0 | 1 | 2): number => {
    const diffuse =
      1.0 * key * KEY_COLOUR[i] +
      (0.12 + 0.17 * sky) * SKY_COLOUR[i] +
      (0.1 * (1 - sky) + rim) * BOUNCE_COLOUR[i];
    const coat = finish === 'metal' ? spark * (0.35 + 0.65 * albedo[i]) : spark;
    return (albedo[i] * diffuse * metal + coat * KEY_COLOUR[i]) * exposure;
  };
  return hexOf([channel(0), channel(1), channel(2)]);
}

/** What a polished surface sees of the studio: a bright window, a dark room, a pale floor. */
function mirrored(normal: Normal): number {
  const [x, y] = normal;
  const window = Math.exp(-(((x + 0.45) / 0.16) ** 2)) * 0.9;
  const card = Math.exp(-(((x - 0.7) / 0.12) ** 2)) * 0.55;
  return 0.52 + window + card + 0.25 * y;
}

const ANGLES = [-90, -68, -50, -34, -16, 12, 42, 68, 90];

/** Gradient stops across a round upright body, left edge to right. */
export function roundStops(hex: string, finish: Finish): string {
  return ANGLES.map((degrees) => {
    const angle = (degrees * Math.PI) / 180;
    const side = Math.sin(angle);
    const normal: Normal = [side, 0, Math.cos(angle)];
    const offset = Math.round((side + 1) * 500) / 1000;
    return `<stop offset="${offset}" stop-color="${lit(hex, normal, finish)}"/>`;
  }).join('');
}

function dot(a: Normal, b: Normal): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
