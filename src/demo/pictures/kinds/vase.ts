import { drawVessel, type Vessel } from '../vessel.ts';
import type { Profile } from '../lathe.ts';
import type { Draughtsman, Look } from '../look.ts';
import { drawStems, stemsOf } from '../plants.ts';

const PROFILES: Record<string, Profile> = {
  bottle: [
    [0, 0.62],
    [0.03, 0.68],
    [0.3, 1],
    [0.5, 0.92],
    [0.68, 0.4],
    [0.78, 0.25],
    [0.94, 0.26],
    [1, 0.34],
  ],
  amphora: [
    [0, 0.42],
    [0.04, 0.46],
    [0.42, 0.86],
    [0.66, 1],
    [0.82, 0.72],
    [0.88, 0.44],
    [0.96, 0.44],
    [1, 0.52],
  ],
  cylinder: [
    [0, 0.9],
    [0.02, 0.95],
    [0.06, 0.98],
    [0.5, 1],
    [0.94, 0.97],
    [1, 0.96],
  ],
  bulb: [
    [0, 0.44],
    [0.03, 0.5],
    [0.24, 0.94],
    [0.4, 1],
    [0.58, 0.86],
    [0.74, 0.5],
    [0.84, 0.42],
    [1, 0.6],
  ],
  moon: [
    [0, 0.42],
    [0.03, 0.46],
    [0.2, 0.86],
    [0.46, 1],
    [0.72, 0.88],
    [0.9, 0.46],
    [0.94, 0.36],
    [1, 0.38],
  ],
  flared: [
    [0, 0.52],
    [0.03, 0.55],
    [0.2, 0.5],
    [0.5, 0.56],
    [0.8, 0.8],
    [1, 1],
  ],
  gourd: [
    [0, 0.56],
    [0.03, 0.62],
    [0.22, 0.98],
    [0.34, 1],
    [0.5, 0.66],
    [0.58, 0.52],
    [0.72, 0.62],
    [0.86, 0.44],
    [1, 0.3],
  ],
};

const vesselOf = (look: Look): Vessel => ({
  profile: PROFILES[look.form] ?? [
    [0, 1],
    [1, 1],
  ],
  open: true,
  tilt: 0.17,
  glazeFrom: look.pattern === 'band' ? 0.3 : 0.09,
});

/** Vases; a `band` pattern leaves the foot's clay bare, and most carry stems that the seed chooses. */
export const vase: Draughtsman = {
  forms: Object.keys(PROFILES),
  mount: () => 'stand',
  extent: (look) => {
    const stems = stemsOf(look);
    return { width: look.width * (stems ? 1.15 : 1), height: look.height * (stems ? 1.64 : 1) };
  },
  draw: (drawing, look, place) => {
    const vessel = vesselOf(look);
    const stems = stemsOf(look);
    const mouth = (vessel.profile.at(-1)?.[1] ?? 1) * look.width * 0.5 * place.unit;
    // Stems leave from inside: they are painted first in clay, which then hides their ends.
    if (stems && look.material === 'glass') drawStems(drawing, look, place, mouth, stems);
    drawVessel(drawing, look, place, vessel);
    if (stems && look.material !== 'glass') drawStems(drawing, look, place, mouth, stems);
  },
};
