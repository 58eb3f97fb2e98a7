import { darken, lighten, mix } from '../colour.ts';
import { ellipse, n, stops, type Drawing } from '../drawing.ts';
import type { Draughtsman, Look, Place } from '../look.ts';
import { glow } from '../shadow.ts';
import { rod } from '../solid.ts';
import { drawVessel } from '../vessel.ts';
import { turn } from '../lathe.ts';

/** Candles and what holds them; `colour` is the holder's, `accent` the wax's. A pillar is wax alone. */
export const candle: Draughtsman = {
  forms: ['taper', 'pillar', 'votive', 'lantern', 'trio'],
  mount: () => 'stand',
  extent: (look) => ({
    width: look.width * (look.form === 'trio' ? 3.3 : 1.5),
    height: look.height * (look.form === 'lantern' ? 1.1 : 1.16),
  }),
  draw: (drawing, look, place) => {
    switch (look.form) {
      case 'votive':
        return votive(drawing, look, place);
      case 'pillar':
        return pillar(drawing, look, place, look.colour);
      case 'lantern':
        return lantern(drawing, look, place);
      case 'trio':
        return trio(drawing, look, place);
      default:
        return taper(drawing, look, place);
    }
  },
};

function flame(drawing: Drawing, x: number, y: number, size: number): void {
  glow(drawing, x, y - size * 0.7, size * 5.5, size * 5.5, '#ffd88a', 0.55);
  drawing.stroke(
    `M${n(x)} ${n(y + size * 0.1)}V${n(y - size * 0.35)}`,
    '#3a2a1e',
    Math.max(1.4, size * 0.07),
  );
  const drop = (w: number, h: number): string =>
    `M${n(x)} ${n(y - h)}C${n(x + w * 0.3)} ${n(y - h * 0.7)} ${n(x + w)} ${n(y - h * 0.35)} ${n(x)} ${n(y - size * 0.12)}C${n(x - w)} ${n(y - h * 0.35)} ${n(x - w * 0.3)} ${n(y - h * 0.7)} ${n(x)} ${n(y - h)}Z`;
  drawing.fill(
    drop(size * 0.52, size * 1.75),
    drawing.gradient(stops([0, '#ffd27a', 0.6], [0.6, '#ffb84a'], [1, '#e8862e', 0.7]), [0, 0, 0, 1]),
  );
  drawing.fill(drop(size * 0.28, size * 1.2), '#fff6d8');
}

function taper(drawing: Drawing, look: Look, place: Place): void {
  const { x, y, unit } = place;
  const holder: Look = { ...look, height: look.height * 0.34 };
  const top = y - holder.height * unit;
  const wax = unit * 1.15;
  const tip = y - look.height * unit;
  drawVessel(drawing, holder, place, {
    profile: [
      [0, 1],
      [0.08, 0.98],
      [0.16, 0.8],
      [0.26, 0.24],
      [0.6, 0.2],
      [0.78, 0.3],
      [0.9, 0.42],
      [1, 0.4],
    ],
    open: true,
    tilt: 0.18,
    glazeFrom: 0.14,
  });
  rod(drawing, [x, top + unit * 0.5], [x, tip], wax, wax * 0.82, look.accent, false);
  flame(drawing, x, tip - wax * 0.4, unit * 1.9);
}

function trio(drawing: Drawing, look: Look, place: Place): void {
  const gap = look.width * 1.08 * place.unit;
  const sizes = [
    [-1, 0.78],
    [1, 0.62],
    [0, 1],
  ] as const;
  for (const [side, share] of sizes) {
    const drop = side === 0 ? 0.5 : 0;
    taper(
      drawing,
      { ...look, height: look.height * share, seed: `${look.seed}${side}` },
      { ...place, x: place.x + side * gap, y: place.y + drop * place.unit },
    );
  }
}

function pillar(drawing: Drawing, look: Look, place: Place, colour: string): void {
  const { x, y, unit } = place;
  const radius = (look.width * unit) / 2;
  const height = look.height * unit;
  turn(drawing, {
    x,
    base: y,
    height,
    radius,
    profile: [
      [0, 0.98],
      [0.03, 1],
      [0.96, 1],
      [1, 0.97],
    ],
    colour,
    finish: 'satin',
    tilt: 0.2,
  });
  const warm = drawing.gradient(
    stops([0, '#ffd48a', 0.75], [0.3, '#ffd48a', 0.2], [0.6, '#ffd48a', 0]),
    [0, 0, 0, 1],
  );
  drawing.fill(`M${n(x - radius)} ${n(y - height)}h${n(radius * 2)}v${n(height)}h${n(-radius * 2)}z`, warm);
  drawing.fill(
    ellipse(x, y - height, radius * 0.95, radius * 0.19),
    mix(lighten(colour, 0.4), '#ffe2a8', 0.6),
  );
  drawing.fill(ellipse(x, y - height + radius * 0.03, radius * 0.4, radius * 0.08), '#ffedc2');
  flame(drawing, x, y - height + radius * 0.02, Math.min(unit * 2.2, radius * 0.62));
}

function votive(drawing: Drawing, look: Look, place: Place): void {
  const { x, y, unit } = place;
  const width = look.width * unit;
  const height = look.height * unit;
  const profile = [
    [0, 0.78],
    [0.05, 0.84],
    [0.5, 0.97],
    [1, 1],
  ] as const;
  if (look.material === 'glass') {
    const inside: Look = { ...look, width: look.width * 0.8, height: look.height * 0.5 };
    pillar(drawing, inside, { ...place, y: y - height * 0.06 }, look.accent);
    drawVessel(drawing, look, place, { profile, open: true, tilt: 0.2 });
    glow(drawing, x, y - height * 0.55, width * 0.5, height * 0.5, '#ffcf80', 0.55);
    return;
  }
  drawVessel(drawing, look, place, { profile, open: true, tilt: 0.24, glazeFrom: 0.3 });
  const surface = y - height + height * 0.03;
  drawing.fill(
    ellipse(x, surface, width * 0.45, width * 0.1),
    drawing.radial(stops([0, '#fff3cf'], [0.5, lighten(look.accent, 0.2)], [1, darken(look.accent, 0.16)])),
  );
  flame(drawing, x, surface, unit * 1.7);
}

/** A cage with glass sides and a candle inside. */
function lantern(drawing: Drawing, look: Look, place: Place): void {
  const { x, y, unit } = place;
  const w = (look.width * unit) / 2;
  const h = look.height * unit;
  const metal = look.colour;
  glow(drawing, x, y - h * 0.36, w * 2.4, h * 0.7, '#ffd890', 0.4);
  drawVessel(drawing, { ...look, height: look.height * 0.06 }, place, {
    profile: [
      [0, 1],
      [1, 0.96],
    ],
    open: false,
    tilt: 0.2,
  });
  pillar(
    drawing,
    { ...look, width: look.width * 0.46, height: look.height * 0.34 },
    { ...place, y: y - h * 0.06 },
    look.accent,
  );
  const pane = `M${n(x - w * 0.9)} ${n(y - h * 0.06)}V${n(y - h * 0.7)}h${n(w * 1.8)}V${n(y - h * 0.06)}z`;
  drawing.fill(
    pane,
    drawing.gradient(
      stops(
        [0, '#fff3dc', 0.3],
        [0.18, '#fff3dc', 0.5],
        [0.26, '#fff3dc', 0.08],
        [0.8, '#fff3dc', 0.05],
        [1, '#fff3dc', 0.28],
      ),
    ),
  );
  for (const t of [-0.92, -0.3, 0.36, 0.92]) {
    rod(drawing, [x + w * t, y - h * 0.05], [x + w * t, y - h * 0.7], unit * 0.32, unit * 0.32, metal, true);
  }
  drawVessel(
    drawing,
    { ...look, height: look.height * 0.16 },
    { ...place, y: y - h * 0.69 },
    {
      profile: [
        [0, 1],
        [0.12, 1],
        [0.5, 0.7],
        [0.9, 0.28],
        [1, 0.24],
      ],
      open: false,
      tilt: 0.16,
    },
  );
  drawing.stroke(
    `M${n(x - w * 0.5)} ${n(y - h * 0.78)}C${n(x - w * 0.55)} ${n(y - h * 1.08)} ${n(x + w * 0.55)} ${n(y - h * 1.08)} ${n(x + w * 0.5)} ${n(y - h * 0.78)}`,
    metal,
    unit * 0.5,
  );
}
