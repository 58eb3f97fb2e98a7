import { darken, lighten } from '../colour.ts';
import { n, polygon, stops, type Drawing } from '../drawing.ts';
import type { Draughtsman, Look } from '../look.ts';
import { seeded, type Random } from '../random.ts';
import { board, disc, discGrain, limb, project, type Camera, type Spot } from '../solid.ts';

/** Chairs, armchairs, stools and benches; `colour` is the wood, `accent` the seat's cord, leather or cloth. */
export const seat: Draughtsman = {
  forms: ['chair', 'armchair', 'stool', 'bench'],
  mount: () => 'stand',
  extent: (look) => ({
    width: look.width * (look.form === 'bench' ? 1 : 1.3),
    height: look.height * 1.05,
  }),
  draw: (drawing, look, place) => {
    const random = seeded(`${look.seed} seat`);
    const camera: Camera = {
      place: { ...place, y: place.y - look.width * 0.1 * place.unit },
      yaw: -0.5,
      pitch: 0.24,
    };
    switch (look.form) {
      case 'stool':
        return stool(drawing, look, camera, random);
      case 'bench':
        return bench(drawing, look, camera, random);
      default:
        return chair(drawing, look, camera, random);
    }
  },
};

const SEAT_HEIGHT = 45;

function chair(drawing: Drawing, look: Look, camera: Camera, random: Random): void {
  const w = look.width / 2;
  const d = w * 0.98;
  const wood = look.colour;
  const top = look.height;
  const arms = look.form === 'armchair';
  const leg = (from: Spot, to: Spot, thick: readonly [number, number]): void =>
    limb(drawing, camera, { from, to, thick, colour: wood });
  const back = (x: number): void => {
    leg([x, 0, -d * 1.12], [x, SEAT_HEIGHT, -d * 0.9], [2.4, 3.8]);
    leg([x, SEAT_HEIGHT, -d * 0.9], [x * 1.03, top, -d * 1.22], [3.8, 2.8]);
  };
  back(-w * 0.84);
  back(w * 0.84);
  leg([-w * 0.84, 16, -d * 0.98], [w * 0.84, 16, -d * 0.98], [2, 2]);
  leg([-w * 0.88, 18, -d * 0.96], [-w * 0.88, 18, d * 0.9], [2, 2]);
  for (let i = 0; i < (look.pattern === 'stripe' ? 7 : 0); i++) {
    const x = w * 0.84 * ((i + 1) / 4 - 1);
    leg([x, SEAT_HEIGHT + 2, -d * 0.92], [x, top - 6, -d * 1.19], [1.5, 1.5]);
  }
  if (look.pattern !== 'stripe') {
    slat(drawing, camera, wood, w * 0.86, top - 22, top - 15, -d * 1.08);
  }
  slat(drawing, camera, wood, w * 0.9, top - 10, top, -d * 1.18);
  cord(drawing, look, camera, w, d);
  leg([-w * 0.92, 0, d * 0.98], [-w * 0.88, arms ? 66 : SEAT_HEIGHT + 1, d * 0.86], [2.6, 4]);
  leg([w * 0.88, 18, -d * 0.96], [w * 0.88, 18, d * 0.9], [2, 2]);
  leg([-w * 0.88, 24, d * 0.92], [w * 0.88, 24, d * 0.92], [2.2, 2.2]);
  leg([w * 0.92, 0, d * 0.98], [w * 0.88, arms ? 66 : SEAT_HEIGHT + 1, d * 0.86], [2.6, 4]);
  if (!arms) return;
  for (const side of [-1, 1]) {
    board(
      drawing,
      camera,
      { at: [side * w * 0.9 - 2.6, 65, -d * 1.02], size: [5.2, 2.6, d * 1.98], colour: wood, grain: 'z' },
      random,
    );
  }
}

/** A back rail, bent a little and lit from above. */
function slat(
  drawing: Drawing,
  camera: Camera,
  wood: string,
  w: number,
  low: number,
  high: number,
  z: number,
): void {
  const bow = 4;
  const edge = (y: number): Spot[] => [-1, -0.5, 0, 0.5, 1].map((t) => [t * w, y, z - bow * (1 - t * t)]);
  const points = [...edge(low), ...edge(high).reverse()].map((spot) => project(camera, spot));
  drawing.fill(
    polygon(points),
    drawing.gradient(stops([0, lighten(wood, 0.24)], [0.5, wood], [1, darken(wood, 0.3)]), [0, 0, 1, 0.5]),
  );
  const top = edge(high).map((spot) => project(camera, spot));
  drawing.stroke(
    `M${top.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}`,
    lighten(wood, 0.5),
    2.4,
    ' stroke-opacity=".8"',
  );
}

/** A seat of woven cord between four rails: wound towards the middle from each side. */
function cord(drawing: Drawing, look: Look, camera: Camera, w: number, d: number): void {
  const y = SEAT_HEIGHT;
  const at = (x: number, z: number, drop = 0): Spot => [x * w * 0.95, y - drop, z * d * 0.95];
  const corners = [at(-1, 1), at(1, 1), at(1, -1), at(-1, -1)];
  const middle = project(camera, at(0, 0));
  const shades = [0.02, 0.3, 0.12, -0.2];
  const front = [at(-1, 1), at(1, 1), at(1, 1, 4.5), at(-1, 1, 4.5)].map((s) => project(camera, s));
  const right = [at(1, 1), at(1, -1), at(1, -1, 4.5), at(1, 1, 4.5)].map((s) => project(camera, s));
  drawing.fill(polygon(front), darken(look.accent, 0.2));
  drawing.fill(polygon(right), darken(look.accent, 0.45));
  let lines = '';
  for (let i = 0; i < 4; i++) {
    const a = project(camera, corners[i] ?? at(0, 0));
    const b = project(camera, corners[(i + 1) % 4] ?? at(0, 0));
    const shade = shades[i] ?? 0;
    drawing.fill(
      polygon([a, b, middle]),
      shade < 0 ? lighten(look.accent, -shade) : darken(look.accent, shade * 0.6),
    );
    for (let k = 1; k < 12; k++) {
      const t = k / 12;
      lines += `M${n(a[0] + (middle[0] - a[0]) * t)} ${n(a[1] + (middle[1] - a[1]) * t)}L${n(b[0] + (middle[0] - b[0]) * t)} ${n(b[1] + (middle[1] - b[1]) * t)}`;
    }
  }
  drawing.stroke(lines, darken(look.accent, 0.6), 1.5, ' stroke-opacity=".42"');
  drawing.stroke(
    polygon(corners.map((spot) => project(camera, spot))),
    lighten(look.accent, 0.35),
    2,
    ' stroke-opacity=".7"',
  );
}

function stool(drawing: Drawing, look: Look, camera: Camera, random: Random): void {
  const r = look.width / 2;
  const h = look.height;
  const feet: readonly (readonly [number, number])[] = [
    [-0.62, -0.7],
    [0.8, -0.42],
    [-0.8, 0.5],
    [0.55, 0.8],
  ];
  const leg = ([x, z]: readonly [number, number]): void =>
    limb(drawing, camera, {
      from: [x * r * 1.18, 0, z * r * 1.18],
      to: [x * r * 0.72, h - 3, z * r * 0.72],
      thick: [2.4, 3.8],
      colour: look.colour,
    });
  feet.slice(0, 2).forEach(leg);
  const rung = (a: readonly [number, number], b: readonly [number, number], y: number): void =>
    limb(drawing, camera, {
      from: [a[0] * r * 0.98, y, a[1] * r * 0.98],
      to: [b[0] * r * 0.98, y, b[1] * r * 0.98],
      thick: [1.9, 1.9],
      colour: look.colour,
    });
  const [f0, f1, f2, f3] = feet;
  if (f0 && f1 && f2 && f3) {
    rung(f0, f2, h * 0.3);
    rung(f1, f3, h * 0.3);
    rung(f2, f3, h * 0.38);
  }
  feet.slice(2).forEach(leg);
  disc(drawing, camera, [0, h, 0], r, 3.4, look.colour);
  discGrain(drawing, camera, [0, h, 0], r * 0.98, look.colour, random);
  if (look.pattern === 'plain') return;
  disc(drawing, camera, [0, h + 2.4, 0], r * 0.95, 2.6, look.accent);
}

function bench(drawing: Drawing, look: Look, camera: Camera, random: Random): void {
  const w = look.width / 2;
  const d = 15;
  const h = look.height;
  for (const [x, z] of [
    [-0.86, -1],
    [0.86, -1],
    [-0.86, 1],
    [0.86, 1],
  ] as const) {
    limb(drawing, camera, {
      from: [x * w * 1.04, 0, z * d * 0.86],
      to: [x * w * 0.97, h - 3, z * d * 0.72],
      thick: [3, 4.4],
      colour: look.colour,
    });
  }
  limb(drawing, camera, {
    from: [-w * 0.86, h * 0.4, 0],
    to: [w * 0.86, h * 0.4, 0],
    thick: [2.4, 2.4],
    colour: look.colour,
  });
  board(
    drawing,
    camera,
    { at: [-w, h - 3.6, -d], size: [w * 2, 3.6, d * 2], colour: look.colour, grain: 'x' },
    random,
  );
}
