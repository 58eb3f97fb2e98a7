import { darken, lighten, mix } from './colour.ts';
import { curve, n, type Drawing, type Point } from './drawing.ts';
import type { Look, Place } from './look.ts';
import { seeded, type Random } from './random.ts';

export type Stems = 'olive' | 'eucalyptus' | 'grass' | 'cotton';

const LEAF = { olive: '#6f7a4a', eucalyptus: '#7f9483', grass: '#c2a878', cotton: '#7a6248' };

/** What stands in a vase, by its seed; small and very wide vases stay empty. */
export function stemsOf(look: Look): Stems | undefined {
  if (look.height < 14 || look.width > look.height * 1.1) return undefined;
  const random = seeded(`${look.seed} stems`);
  if (random.chance(0.34)) return undefined;
  return random.pick(['olive', 'eucalyptus', 'grass', 'cotton'] as const);
}

/** A few stems rising from a mouth, arching outwards. */
export function drawStems(drawing: Drawing, look: Look, place: Place, mouth: number, stems: Stems): void {
  const random = seeded(`${look.seed} arrangement`);
  const top = place.y - look.height * place.unit;
  const reach = look.height * place.unit * 0.68;
  const count = stems === 'grass' ? 7 : 4;
  for (let i = 0; i < count; i++) {
    const side = (i / (count - 1)) * 2 - 1;
    const spread = side * 0.42 + random.between(-0.08, 0.08);
    const length = reach * random.between(0.74, 1) * (1 - Math.abs(side) * 0.16);
    const from: Point = [place.x + side * mouth * 0.4, top + mouth * 0.06];
    const to: Point = [from[0] + spread * length * 0.9, from[1] - length * (1 - Math.abs(spread) * 0.3)];
    const bend: Point = [from[0] + spread * length * 0.22, from[1] - length * 0.55];
    drawStem(drawing, stems, from, bend, to, place.unit, random);
  }
}

function drawStem(
  drawing: Drawing,
  stems: Stems,
  from: Point,
  bend: Point,
  to: Point,
  unit: number,
  random: Random,
): void {
  const leaf = LEAF[stems];
  const width = Math.max(1.6, unit * 0.16);
  drawing.stroke(
    `M${n(from[0])} ${n(from[1])}Q${n(bend[0])} ${n(bend[1])} ${n(to[0])} ${n(to[1])}`,
    stems === 'grass' ? darken(leaf, 0.2) : '#6b5638',
    width,
  );
  if (stems === 'grass') return plume(drawing, bend, to, unit, random);
  const shades = ['', '', ''];
  const count = stems === 'cotton' ? 5 : 10;
  for (let i = 2; i <= count; i++) {
    const t = 0.22 + (0.78 * i) / count;
    const [x, y, angle] = along(from, bend, to, t);
    const sides = stems === 'cotton' ? [i % 2 ? 1 : -1] : [-1, 1];
    for (const side of i === count ? [0] : sides) {
      const size = unit * (stems === 'olive' ? 3 : 2.2) * random.between(0.75, 1.1) * (1.15 - t * 0.4);
      const shade = random.int(0, 2);
      const turn = angle + side * random.between(0.55, 0.95);
      const wide = stems === 'olive' ? 0.2 : 0.62;
      shades[shade] = (shades[shade] ?? '') + leafPath(x, y, turn, size, stems === 'cotton' ? 0.3 : wide);
    }
    if (stems === 'cotton') boll(drawing, x, y, unit * random.between(0.9, 1.25));
  }
  const paints = [darken(leaf, 0.28), leaf, lighten(leaf, 0.26)];
  shades.forEach((path, i) => {
    if (path !== '' && stems !== 'cotton') drawing.fill(path, paints[i] ?? leaf);
  });
}

function boll(drawing: Drawing, x: number, y: number, r: number): void {
  drawing.fill(
    `M${n(x - r)} ${n(y)}q0 ${n(-r * 1.2)} ${n(r)} ${n(-r * 1.1)}q${n(r)} ${n(-0.1 * r)} ${n(r)} ${n(r)}q${n(-0.1 * r)} ${n(r)} ${n(-r)} ${n(r)}q${n(-r)} 0 ${n(-r)} ${n(-0.9 * r)}z`,
    '#efe6d6',
  );
  drawing.fill(
    `M${n(x - r * 0.1)} ${n(y + r * 0.9)}q${n(r)} 0 ${n(r)} ${n(-r)}q${n(-0.4 * r)} ${n(0.8 * r)} ${n(-r)} ${n(r)}z`,
    '#c9b899',
  );
}

/** The feathered head of a dry grass. */
function plume(drawing: Drawing, bend: Point, to: Point, unit: number, random: Random): void {
  const dx = to[0] - bend[0];
  const dy = to[1] - bend[1];
  const angle = Math.atan2(dy, dx);
  let path = '';
  for (let i = 0; i < 26; i++) {
    const t = 0.25 + (i / 26) * 0.85;
    const x = bend[0] + dx * t;
    const y = bend[1] + dy * t;
    const turn = angle + (i % 2 ? 1 : -1) * random.between(0.2, 0.55);
    path += leafPath(x, y, turn, unit * random.between(1.4, 2.4) * (1.3 - t * 0.7), 0.13);
  }
  drawing.fill(path, mix('#d9c193', '#b8925c', random.next()));
}

/** A leaf from its stalk at (x, y), pointing by `angle`. */
export function leafPath(x: number, y: number, angle: number, length: number, wide: number): string {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const at = (u: number, v: number): string =>
    `${n(x + cos * u * length - sin * v * length)} ${n(y + sin * u * length + cos * v * length)}`;
  const w = wide * 0.72;
  return `M${at(0, 0)}C${at(0.25, -w)} ${at(0.7, -w)} ${at(1, 0)}C${at(0.7, w)} ${at(0.25, w)} ${at(0, 0)}Z`;
}

function along(from: Point, bend: Point, to: Point, t: number): readonly [number, number, number] {
  const u = 1 - t;
  const x = u * u * from[0] + 2 * u * t * bend[0] + t * t * to[0];
  const y = u * u * from[1] + 2 * u * t * bend[1] + t * t * to[1];
  const dx = 2 * u * (bend[0] - from[0]) + 2 * t * (to[0] - bend[0]);
  const dy = 2 * u * (bend[1] - from[1]) + 2 * t * (to[1] - bend[1]);
  return [x, y, Math.atan2(dy, dx)];
}

export type Species = 'olive' | 'rubber' | 'fern' | 'snake' | 'trailing' | 'palm';
export const SPECIES: readonly Species[] = ['olive', 'rubber', 'fern', 'snake', 'trailing', 'palm'];

const GREENS: Record<Species, string> = {
  olive: '#75804f',
  rubber: '#2f4a35',
  fern: '#5f7f45',
  snake: '#55714e',
  trailing: '#6d8b57',
  palm: '#4c6f45',
};

/** A plant growing from (x, y), `height` and `width` pixels large. */
export function drawPlant(
  drawing: Drawing,
  species: Species,
  x: number,
  y: number,
  width: number,
  height: number,
  seed: string,
): void {
  const random = seeded(`${seed} plant`);
  const green = GREENS[species];
  switch (species) {
    case 'olive':
      return tree(drawing, x, y, width, height, green, random);
    case 'snake':
      return blades(drawing, x, y, width, height, green, random);
    case 'rubber':
      return broad(drawing, x, y, width, height, green, random);
    case 'fern':
    case 'palm':
    case 'trailing':
      return fronds(drawing, species, x, y, width, height, green, random);
  }
}

function tree(
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  height: number,
  green: string,
  random: Random,
): void {
  const fork: Point = [x + width * 0.04, y - height * 0.42];
  const trunk = Math.max(3, width * 0.045);
  drawing.stroke(curve([[x, y], [x - width * 0.03, y - height * 0.2], fork]), '#7a664b', trunk);
  const layers = ['', '', '', ''];
  for (let b = 0; b < 9; b++) {
    const side = (b / 8) * 2 - 1 + random.between(-0.1, 0.1);
    const tip: Point = [
      x + side * width * 0.46,
      y - height * (0.98 - Math.abs(side) * 0.34 - random.between(0, 0.16)),
    ];
    const bend: Point = [fork[0] + side * width * 0.12, (fork[1] + tip[1]) / 2];
    drawing.stroke(
      `M${n(fork[0])} ${n(fork[1])}Q${n(bend[0])} ${n(bend[1])} ${n(tip[0])} ${n(tip[1])}`,
      '#7a664b',
      trunk * 0.42,
    );
    for (let i = 0; i < 26; i++) {
      const t = random.between(0.25, 1.02);
      const [px, py, angle] = along(fork, bend, tip, t);
      const layer = random.int(0, 3);
      const turn = angle + random.between(-1.5, 1.5);
      layers[layer] += leafPath(px, py, turn, width * random.between(0.08, 0.13), 0.2);
    }
  }
  const paints = [darken(green, 0.42), darken(green, 0.18), green, lighten(green, 0.32)];
  layers.forEach((path, i) => drawing.fill(path, paints[i] ?? green));
}

function blades(
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  height: number,
  green: string,
  random: Random,
): void {
  for (let i = 0; i < 9; i++) {
    const side = ((i * 4) % 9) / 4 - 1;
    const foot = x + side * width * 0.22;
    const tip: Point = [
      foot + side * width * 0.24,
      y - height * random.between(0.62, 1) * (1 - Math.abs(side) * 0.2),
    ];
    const half = width * 0.075;
    const edge = `M${n(foot - half * 0.7)} ${n(y)}C${n(foot - half * 1.6)} ${n(y - height * 0.4)} ${n(tip[0] - half)} ${n(tip[1] + height * 0.2)} ${n(tip[0])} ${n(tip[1])}C${n(tip[0] + half)} ${n(tip[1] + height * 0.2)} ${n(foot + half * 1.6)} ${n(y - height * 0.4)} ${n(foot + half * 0.7)} ${n(y)}Z`;
    const shade = random.between(-0.1, 0.25);
    const paint = drawing.gradient(
      `<stop offset="0" stop-color="${lighten(green, 0.34)}"/><stop offset=".45" stop-color="${darken(green, 0.1 + Math.abs(shade))}"/><stop offset="1" stop-color="${darken(green, 0.5)}"/>`,
    );
    drawing.fill(edge, paint);
    drawing.stroke(edge, '#c8bf7a', half * 0.16, ' stroke-opacity=".7"');
  }
}

function broad(
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  height: number,
  green: string,
  random: Random,
): void {
  const top: Point = [x + width * 0.05, y - height * 0.86];
  drawing.stroke(
    curve([[x, y], [x - width * 0.04, y - height * 0.45], top]),
    '#5d4a36',
    Math.max(3, width * 0.03),
  );
  for (let i = 0; i < 13; i++) {
    const t = 0.2 + (i / 12) * 0.8;
    const side = i % 2 ? 1 : -1;
    const angle = -Math.PI / 2 + side * (1.25 - t * 0.85) + random.between(-0.15, 0.15);
    const length = width * random.between(0.4, 0.52) * (1.1 - t * 0.32);
    const px = x - width * 0.04 * Math.sin(t * 3) + width * 0.05 * t;
    const py = y - height * 0.86 * t;
    const paint = drawing.gradient(
      `<stop offset="0" stop-color="${lighten(green, 0.4)}"/><stop offset=".5" stop-color="${green}"/><stop offset="1" stop-color="${darken(green, 0.45)}"/>`,
      [0, 0, 0.8, 1],
    );
    drawing.fill(leafPath(px, py, angle, length, 0.36), paint);
    drawing.stroke(
      `M${n(px)} ${n(py)}L${n(px + Math.cos(angle) * length * 0.9)} ${n(py + Math.sin(angle) * length * 0.9)}`,
      lighten(green, 0.5),
      1.4,
      ' stroke-opacity=".5"',
    );
  }
}

function fronds(
  drawing: Drawing,
  species: 'fern' | 'palm' | 'trailing',
  x: number,
  y: number,
  width: number,
  height: number,
  green: string,
  random: Random,
): void {
  const count = species === 'palm' ? 9 : 13;
  for (let i = 0; i < count; i++) {
    const order = (i * 5) % count;
    const side = (order / (count - 1)) * 2 - 1;
    const droop = species === 'trailing' ? 0.95 : 0.36;
    const rise = height * random.between(0.72, 1) * (1 - Math.abs(side) * 0.3);
    const tip: Point = [x + side * width * 0.5, y - rise * (1 - Math.abs(side) * droop)];
    const bend: Point = [x + side * width * 0.16, y - rise * (species === 'trailing' ? 0.8 : 1.02)];
    const shade = i < count / 2 ? darken(green, 0.3) : random.chance(0.4) ? lighten(green, 0.2) : green;
    drawing.stroke(
      `M${n(x)} ${n(y)}Q${n(bend[0])} ${n(bend[1])} ${n(tip[0])} ${n(tip[1])}`,
      darken(shade, 0.2),
      Math.max(1.4, width * 0.008),
    );
    let path = '';
    const leaflets = species === 'palm' ? 15 : 17;
    for (let l = 3; l <= leaflets; l++) {
      const t = 0.14 + (l / leaflets) * 0.86;
      const [px, py, angle] = along([x, y], bend, tip, t);
      const taper = Math.sin(Math.PI * Math.min(1, 0.15 + t * 0.82));
      const long = species === 'palm' ? 0.24 : species === 'fern' ? 0.1 : 0.085;
      for (const turn of [-1, 1]) {
        const lean = species === 'palm' ? 0.6 : 1.05;
        path += leafPath(
          px,
          py,
          angle + turn * lean,
          width * long * (0.35 + taper * 0.75),
          species === 'trailing' ? 0.5 : species === 'palm' ? 0.1 : 0.24,
        );
      }
    }
    drawing.fill(path, shade);
  }
}
