import { darken } from '../colour.ts';
import { ellipse } from '../drawing.ts';
import { radiusAt, type Profile } from '../lathe.ts';
import type { Draughtsman, Look } from '../look.ts';
import { drawPlant, SPECIES, type Species } from '../plants.ts';
import { seeded } from '../random.ts';
import { rod } from '../solid.ts';
import { drawVessel, turnedOf, type Vessel } from '../vessel.ts';
import { drawBasketBody, wovenBody } from './basket.ts';

const PROFILES: Record<string, Profile> = {
  pot: [
    [0, 0.66],
    [0.8, 0.94],
    [0.81, 1],
    [0.98, 1],
    [1, 0.98],
  ],
  bowl: [
    [0, 0.5],
    [0.1, 0.62],
    [0.4, 0.94],
    [0.7, 1],
    [1, 0.94],
  ],
  stand: [
    [0, 0.84],
    [0.05, 0.92],
    [0.2, 1],
    [1, 1],
  ],
  woven: [
    [0, 0.8],
    [1, 1],
  ],
};

function speciesOf(look: Look): Species {
  return seeded(`${look.seed} species`).pick(SPECIES);
}

/** A planter with its plant, which the seed chooses; `height` is the pot's (with its stand). */
export const planter: Draughtsman = {
  forms: Object.keys(PROFILES),
  mount: () => 'stand',
  extent: (look) => {
    const tall = tallness(speciesOf(look));
    return { width: Math.max(look.width, look.width * 1.75), height: look.height + look.width * tall };
  },
  draw: (drawing, look, place) => {
    const { unit } = place;
    const legs = look.form === 'stand' ? look.height * 0.34 : 0;
    const pot: Look = { ...look, height: look.height - legs };
    const at = { ...place, y: place.y - legs * unit };
    if (legs > 0) {
      for (const side of [-0.7, 0.7]) {
        const x = place.x + side * look.width * 0.5 * unit;
        rod(
          drawing,
          [x + side * 10, place.y],
          [x, at.y - pot.height * 0.4 * unit],
          unit * 0.8,
          unit * 1.1,
          '#a97c4e',
          false,
        );
      }
    }
    const vessel: Vessel = {
      profile: PROFILES[look.form] ?? [],
      open: true,
      tilt: 0.18,
      glazeFrom: look.pattern === 'band' ? 0.34 : 0.06,
    };
    const body =
      look.material === 'rattan'
        ? wovenBody({ ...pot, form: 'bucket' }, at.x, at.y, unit)
        : turnedOf(pot, at, vessel);
    if (look.material === 'rattan') drawBasketBody(drawing, pot, body);
    else drawVessel(drawing, pot, at, vessel);
    const mouth = radiusAt(body.profile, 1) * body.radius * 0.9;
    const top = body.base - body.height;
    drawing.fill(ellipse(body.x, top + mouth * 0.05, mouth, mouth * body.tilt * 0.92), '#3b2a1d');
    drawing.fill(
      ellipse(body.x + mouth * 0.1, top + mouth * 0.07, mouth * 0.7, mouth * body.tilt * 0.55),
      darken('#6b4e36', 0.1),
    );
    const species = speciesOf(look);
    drawPlant(
      drawing,
      species,
      body.x,
      top + mouth * 0.08,
      look.width * 1.7 * unit,
      look.width * tallness(species) * unit,
      look.seed,
    );
  },
};

function tallness(species: Species): number {
  switch (species) {
    case 'olive':
      return 2;
    case 'rubber':
    case 'palm':
      return 1.8;
    case 'snake':
      return 1.5;
    case 'fern':
      return 1.1;
    case 'trailing':
      return 0.9;
  }
}
