import { darken, lighten } from '../colour.ts';
import { n, type Drawing } from '../drawing.ts';
import type { Profile, Turned } from '../lathe.ts';
import type { Draughtsman, Look, Place } from '../look.ts';
import { seeded } from '../random.ts';
import { drawVessel } from '../vessel.ts';

const BODIES: Record<string, Profile> = {
  lidded: [
    [0, 0.8],
    [0.03, 0.88],
    [0.3, 1],
    [0.7, 1],
    [0.95, 0.86],
    [1, 0.84],
  ],
  canister: [
    [0, 0.94],
    [0.03, 1],
    [0.97, 1],
    [1, 0.98],
  ],
  bottle: [
    [0, 0.9],
    [0.04, 0.98],
    [0.5, 1],
    [0.68, 0.8],
    [0.8, 0.36],
    [0.9, 0.32],
    [1, 0.36],
  ],
};

const CORK: Profile = [
  [0, 0.86],
  [1, 1],
];
const LID: Profile = [
  [0, 1],
  [0.6, 1],
  [1, 0.94],
];
const KNOB: Profile = [
  [0, 0.5],
  [0.5, 1],
  [0.85, 0.9],
  [1, 0.6],
];
const FILLING: Profile = [
  [0, 0.92],
  [0.2, 1],
  [1, 1],
];
const TILT = 0.17;

/** Storage jars with a wooden lid, canisters with one of their own, bottles with a cork. `accent` is the lid's. */
export const jar: Draughtsman = {
  forms: Object.keys(BODIES),
  mount: () => 'stand',
  extent: (look) => ({ width: look.width * 1.05, height: look.height * 1.05 }),
  draw: (drawing, look, place) => {
    const profile = BODIES[look.form] ?? [];
    const cork = look.form === 'bottle';
    const height = look.height * (cork ? 0.93 : 0.84);
    const accent = look.material === 'enamel' ? look.accent : darken(look.colour, 0.4);
    const body: Look = { ...look, height, accent };
    if (look.material === 'glass') contents(drawing, body, place, cork ? FILLING : profile);
    const glazeFrom = look.pattern === 'band' ? 0.3 : 0.06;
    const drawn = drawVessel(drawing, body, place, { profile, open: true, tilt: TILT, glazeFrom });
    const mouth = (profile.at(-1)?.[1] ?? 1) * look.width;
    const top = place.y - height * place.unit;
    if (cork) stopper(drawing, look, { ...place, y: top }, mouth);
    else lid(drawing, look, { ...place, y: top }, mouth);
    if (look.pattern === 'stripe') label(drawing, drawn);
  },
};

function stopper(drawing: Drawing, look: Look, place: Place, mouth: number): void {
  const height = look.height * 0.11;
  const cork: Look = {
    ...look,
    material: 'oak',
    colour: '#c79a6b',
    width: mouth * 0.8,
    height,
    pattern: 'plain',
  };
  const y = place.y + height * 0.3 * place.unit;
  drawVessel(drawing, cork, { ...place, y }, { profile: CORK, open: false, tilt: TILT });
}

function lid(drawing: Drawing, look: Look, place: Place, mouth: number): void {
  const own = look.material === 'enamel';
  const cover: Look = {
    ...look,
    material: own ? 'enamel' : 'oak',
    colour: own ? look.colour : '#bf9160',
    width: mouth * 1.04,
    height: look.height * 0.1,
    pattern: 'plain',
  };
  const knob: Look = {
    ...cover,
    material: own ? 'brass' : 'oak',
    colour: own ? '#c9a04e' : cover.colour,
    width: look.width * 0.2,
    height: look.height * 0.08,
  };
  const { unit } = place;
  drawVessel(
    drawing,
    cover,
    { ...place, y: place.y + 0.2 * unit },
    { profile: LID, open: false, tilt: TILT },
  );
  const y = place.y - cover.height * 0.92 * unit;
  drawVessel(drawing, knob, { ...place, y }, { profile: KNOB, open: false, tilt: TILT });
}

/** A paper label with two lines of somebody's hand. */
function label(drawing: Drawing, body: Turned): void {
  const { x, radius, height } = body;
  const y = body.base - height * 0.62;
  drawing.fill(
    `M${n(x - radius * 0.42)} ${n(y)}h${n(radius * 0.84)}v${n(height * 0.24)}h${n(-radius * 0.84)}z`,
    lighten('#efe6d4', 0.2),
    ' fill-opacity=".92"',
  );
  drawing.stroke(
    `M${n(x - radius * 0.28)} ${n(y + height * 0.09)}h${n(radius * 0.56)}M${n(x - radius * 0.18)} ${n(y + height * 0.15)}h${n(radius * 0.36)}`,
    '#4a4036',
    Math.max(1.4, radius * 0.025),
  );
}

/** Some glass jars are kept full, of something that the seed chooses. */
function contents(drawing: Drawing, body: Look, place: Place, profile: Profile): void {
  const random = seeded(`${body.seed} contents`);
  const colour = random.pick(['#c58a4a', '#e3cfa4', '#7a4a2c', '#b55a3a', '#d9b878']);
  const share = random.between(0.4, 0.62);
  if (!random.chance(0.7)) return;
  const part: Look = {
    ...body,
    material: 'terracotta',
    colour,
    width: body.width * 0.9,
    height: body.height * share,
  };
  const y = place.y - body.height * 0.04 * place.unit;
  drawVessel(drawing, part, { ...place, y }, { profile, open: false, tilt: 0.16 });
}
