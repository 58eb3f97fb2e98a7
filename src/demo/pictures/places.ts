import { archPath, floorLines } from './architecture.ts';
import { windowLight } from './backdrop.ts';
import { darken, lighten, mix } from './colour.ts';
import { n, polygon, stops, type Drawing } from './drawing.ts';
import { drawPlant } from './plants.ts';
import { looksOf } from './portraits.ts';
import { seeded } from './random.ts';
import { MAKER_KEYS } from './palettes.ts';
import { standInRow, unitFor } from './scenes.ts';
import { groundShadow, pool } from './shadow.ts';
import { DRAUGHTSMEN } from './kinds.ts';

type PlaceForm = 'arcade' | 'townhouse' | 'gabled' | 'tiled' | 'warehouse';

/** A store's or a warehouse's front: how it is built, and its two colours. */
export interface Front {
  form: PlaceForm;
  wall: string;
  accent: string;
  seed: string;
}

/** A shop from across its street, its window full. */
export function drawFront(drawing: Drawing, front: Front): void {
  const { width, height } = drawing;
  const ground = height * 0.86;
  drawing.fill(
    `M0 0H${width}V${n(ground)}H0Z`,
    drawing.gradient(stops([0, '#bdd0d2'], [0.7, '#f1e4c8'], [1, '#f3dcb4']), [0, 0, 0, 1]),
  );
  neighbours(drawing, front, ground);
  if (front.form === 'warehouse') warehouse(drawing, front, ground);
  else house(drawing, front, ground);
  street(drawing, ground);
  for (const [x, size] of front.form === 'warehouse'
    ? ([[0.93, 1]] as const)
    : ([
        [0.185, 1],
        [0.82, 0.9],
      ] as const)) {
    tub(drawing, width * x, ground + height * 0.045, height * 0.1 * size, front.seed + x);
  }
}

function neighbours(drawing: Drawing, front: Front, ground: number): void {
  const { width, height } = drawing;
  const random = seeded(`${front.seed} street`);
  for (const [x, w] of [
    [-0.02, 0.17],
    [0.87, 0.2],
  ] as const) {
    const wall = random.pick(['#d9c3a0', '#cf9f7c', '#c9c4ae', '#e0d2b6']);
    const top = height * random.between(0.08, 0.22);
    drawing.fill(
      `M${n(width * x)} ${n(top)}h${n(width * w)}V${n(ground)}H${n(width * x)}z`,
      drawing.gradient(stops([0, lighten(wall, 0.1)], [1, darken(wall, 0.2)])),
    );
    for (let row = 0; row < 3; row++) {
      for (let col = 0; col < 2; col++) {
        const wx = width * (x + w * (0.2 + col * 0.42));
        shuttered(
          drawing,
          wx,
          top + height * (0.07 + row * 0.22),
          width * w * 0.16,
          height * 0.12,
          random.pick(['#5f7a6b', '#6f8796', '#8a5a44']),
        );
      }
    }
  }
}

function shuttered(drawing: Drawing, x: number, y: number, w: number, h: number, shutter: string): void {
  drawing.fill(
    `M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}z`,
    drawing.gradient(stops([0, '#4c4b45'], [1, '#8b8a7c']), [0, 0, 1, 1]),
  );
  for (const side of [-0.5, 1]) {
    drawing.fill(`M${n(x + side * w)} ${n(y - 2)}h${n(w * 0.5)}v${n(h + 4)}h${n(-w * 0.5)}z`, shutter);
  }
  let slats = '';
  for (let i = 1; i < 8; i++)
    slats += `M${n(x - w * 0.46)} ${n(y + (h * i) / 8)}h${n(w * 0.42)}M${n(x + w * 1.04)} ${n(y + (h * i) / 8)}h${n(w * 0.42)}`;
  drawing.stroke(slats, darken(shutter, 0.4), 1.6, ' stroke-opacity=".5"');
  drawing.fill(`M${n(x - w * 0.1)} ${n(y + h)}h${n(w * 1.2)}v${n(h * 0.06)}h${n(-w * 1.2)}z`, '#efe4cc');
}

function house(drawing: Drawing, front: Front, ground: number): void {
  const { width, height } = drawing;
  const { wall, accent, form } = front;
  const [left, right] = [width * 0.13, width * 0.87];
  const top = form === 'gabled' ? height * 0.2 : height * 0.04;
  const face = drawing.gradient(stops([0, lighten(wall, 0.22)], [0.5, wall], [1, darken(wall, 0.18)]));
  if (form === 'gabled')
    drawing.fill(
      polygon([
        [left - 20, top + 4],
        [width / 2, -height * 0.1],
        [right + 20, top + 4],
      ]),
      darken('#a8583c', 0.1),
    );
  drawing.fill(`M${n(left)} ${n(top)}H${n(right)}V${n(ground)}H${n(left)}Z`, face);
  if (form === 'tiled') tiles(drawing, left, top, right, height * 0.34, accent);
  drawing.fill(
    `M${n(left - 10)} ${n(height * 0.345)}H${n(right + 10)}v${n(height * 0.022)}H${n(left - 10)}Z`,
    lighten(wall, 0.4),
  );
  for (let i = 0; i < 4; i++)
    shuttered(
      drawing,
      left + (right - left) * (0.1 + i * 0.235),
      form === 'gabled' ? height * 0.225 : height * 0.12,
      width * 0.05,
      height * (form === 'gabled' ? 0.1 : 0.17),
      mix(accent, '#5a6a60', 0.3),
    );
  const openings = form === 'arcade' ? 3 : 2;
  const span = (right - left) / (openings + (form === 'arcade' ? 0 : 0.5));
  for (let i = 0; i < openings; i++) {
    const x = left + span * (i + 0.5) + (form === 'arcade' ? 0 : span * 0.5 * (i > 0 ? 1 : 0));
    shopWindow(drawing, front, x, ground, span * 0.82, height * 0.44, i);
  }
  if (form !== 'arcade') door(drawing, front, left + span * 1.25, ground, span * 0.4, height * 0.42);
  if (form !== 'arcade')
    awning(drawing, left + span * 0.04, right - span * 0.04, height * 0.385, height * 0.1, accent);
  windowLight(drawing, width * 0.5, height * 0.02, width * 0.2, height * 0.3, 0.12);
}

function tiles(
  drawing: Drawing,
  left: number,
  top: number,
  right: number,
  bottom: number,
  accent: string,
): void {
  const size = 40;
  const h = size / 2;
  const content = `<path d="M0 0H${size}V${size}H0Z" fill="#eee6d4"/><path d="M${h} 4L${size - 4} ${h}L${h} ${size - 4}L4 ${h}Z" fill="${mix(accent, '#ffffff', 0.25)}"/><path d="M${h} 13L${size - 13} ${h}L${h} ${size - 13}L13 ${h}Z" fill="#eee6d4"/><path d="M0 0H${size}M0 0V${size}" stroke="#c9bda3" stroke-width="2"/>`;
  const box = `M${n(left)} ${n(top)}H${n(right)}V${n(bottom)}H${n(left)}Z`;
  drawing.fill(box, drawing.tile(size, size, content));
  drawing.fill(box, drawing.gradient(stops([0, '#fff3dc', 0.2], [0.5, '#fff3dc', 0], [1, '#2a1608', 0.2])));
}

function shopWindow(
  drawing: Drawing,
  front: Front,
  x: number,
  ground: number,
  wide: number,
  tall: number,
  index: number,
): void {
  const arched = front.form === 'arcade';
  const path = arched
    ? archPath(x, ground, wide, tall)
    : `M${n(x - wide / 2)} ${n(ground)}v${n(-tall)}h${n(wide)}v${n(tall)}z`;
  drawing.fill(
    path,
    drawing.gradient(
      stops([0, '#5a4632'], [0.45, '#a87c4c'], [0.75, '#d9ac6c'], [1, '#8a6440']),
      [0, 0, 0, 1],
    ),
  );
  const sill = ground - tall * 0.17;
  display(drawing, front, [x, ground, wide, tall], index);
  drawing.fill(
    `M${n(x - wide / 2)} ${n(sill)}h${n(wide)}V${n(ground)}h${n(-wide)}z`,
    drawing.gradient(stops([0, lighten(front.accent, 0.12)], [1, darken(front.accent, 0.3)]), [0, 0, 0, 1]),
  );
  drawing.fill(
    path,
    drawing.gradient(
      stops(
        [0, '#fff8e8', 0.26],
        [0.28, '#fff8e8', 0.06],
        [0.3, '#fff8e8', 0.2],
        [0.42, '#fff8e8', 0.04],
        [1, '#2a1608', 0.14],
      ),
      [0, 0, 1, 0.7],
    ),
  );
  drawing.stroke(path, darken(front.accent, 0.3), wide * 0.026);
}

/** The goods in a window: small things on a glass shelf, one maker's larger ones on the sill. */
function display(
  drawing: Drawing,
  front: Front,
  [x, ground, wide, tall]: readonly [number, number, number, number],
  index: number,
): void {
  const arched = front.form === 'arcade';
  const sill = ground - tall * 0.17;
  const maker = MAKER_KEYS[(index * 3 + front.seed.length) % MAKER_KEYS.length] ?? 'kerameas';
  const goods = looksOf(
    maker,
    `${front.seed} ${index}`,
    3,
    (look) => DRAUGHTSMEN[look.kind].mount(look) === 'stand' && look.height < 60,
  );
  const pots = looksOf(
    index % 2 ? 'arber' : 'kerameas',
    `${front.seed} ${index}`,
    4,
    (look) => look.kind === 'vase' || look.kind === 'tableware',
  );
  const shelf = ground - tall * 0.52;
  drawing.fill(`M${n(x - wide * 0.44)} ${n(shelf)}h${n(wide * 0.88)}v6h${n(-wide * 0.88)}z`, '#7a5636');
  standInRow(
    drawing,
    pots,
    [x - wide * 0.42, x + wide * 0.42],
    shelf,
    unitFor(pots, wide * 0.72, tall * (arched ? 0.2 : 0.28)),
    0,
  );
  standInRow(
    drawing,
    goods,
    [x - wide * 0.44, x + wide * 0.44],
    sill,
    unitFor(goods, wide * 0.78, tall * 0.3),
    0,
  );
}

function door(drawing: Drawing, front: Front, x: number, ground: number, wide: number, tall: number): void {
  const paint = drawing.gradient(stops([0, lighten(front.accent, 0.2)], [1, darken(front.accent, 0.25)]));
  drawing.fill(
    `M${n(x - wide / 2)} ${n(ground)}v${n(-tall)}h${n(wide)}v${n(tall)}z`,
    darken(front.accent, 0.5),
  );
  drawing.fill(
    `M${n(x - wide * 0.44)} ${n(ground)}v${n(-tall * 0.97)}h${n(wide * 0.88)}v${n(tall * 0.97)}z`,
    paint,
  );
  drawing.fill(
    `M${n(x - wide * 0.3)} ${n(ground - tall * 0.34)}v${n(-tall * 0.54)}h${n(wide * 0.6)}v${n(tall * 0.54)}z`,
    drawing.gradient(stops([0, '#8a6844'], [0.6, '#d9b078'], [1, '#a98050']), [0, 0, 0, 1]),
  );
  drawing.stroke(
    `M${n(x + wide * 0.36)} ${n(ground - tall * 0.4)}v${n(-tall * 0.12)}`,
    '#d9b25e',
    wide * 0.05,
  );
  drawing.fill(
    `M${n(x - wide * 0.6)} ${n(ground)}h${n(wide * 1.2)}v${n(tall * 0.035)}h${n(-wide * 1.2)}z`,
    '#d9ccb2',
  );
}

function awning(
  drawing: Drawing,
  left: number,
  right: number,
  y: number,
  drop: number,
  accent: string,
): void {
  const count = 22;
  const step = (right - left) / count;
  pool(drawing, (left + right) / 2, y + drop * 1.4, (right - left) * 0.56, drop * 0.6, 0.44);
  for (let i = 0; i < count; i++) {
    const x = left + i * step;
    const paint = i % 2 ? '#f1e7d2' : accent;
    drawing.fill(
      `M${n(x)} ${n(y)}h${n(step + 0.6)}v${n(drop)}a${n(step / 2)} ${n(step * 0.4)} 0 0 1 ${n(-step - 0.6)} 0z`,
      paint,
    );
  }
  drawing.fill(
    `M${n(left)} ${n(y)}H${n(right)}v${n(drop)}H${n(left)}Z`,
    drawing.gradient(stops([0, '#fff3dc', 0.26], [0.5, '#fff3dc', 0], [1, '#2a1608', 0.22]), [0, 0, 0, 1]),
  );
}

function warehouse(drawing: Drawing, front: Front, ground: number): void {
  const { width, height } = drawing;
  const { wall, accent } = front;
  const bays = 3;
  const left = width * 0.06;
  const bay = (width * 0.84) / bays;
  for (let i = 0; i < bays; i++) {
    const x = left + i * bay;
    drawing.fill(
      polygon([
        [x, height * 0.26],
        [x + bay * 0.5, height * 0.12],
        [x + bay, height * 0.26],
      ]),
      darken(wall, 0.24),
    );
  }
  const face = `M${n(left)} ${n(height * 0.25)}h${n(bay * bays)}V${n(ground)}h${n(-bay * bays)}z`;
  drawing.fill(face, drawing.gradient(stops([0, lighten(wall, 0.2)], [0.6, wall], [1, darken(wall, 0.2)])));
  const brick = `<path d="M0 0H48M0 12H48M0 0V12M24 12V24" stroke="${darken(wall, 0.45)}" stroke-width="1.6" stroke-opacity=".3" fill="none"/>`;
  drawing.fill(face, drawing.tile(48, 24, brick));
  for (let i = 0; i < bays; i++) {
    const x = left + bay * (i + 0.5);
    const [w, h] = [bay * 0.66, height * 0.38];
    drawing.fill(archPath(x, ground, w * 1.08, h * 1.05), darken(wall, 0.3));
    drawing.fill(archPath(x, ground, w, h), i === 1 ? '#3b2d22' : accent);
    if (i === 1) crates(drawing, x, ground, w, front.seed);
    else {
      let slats = '';
      for (let k = 1; k < 7; k++) slats += `M${n(x - w / 2 + (w * k) / 7)} ${n(ground)}v${n(-h * 0.72)}`;
      drawing.stroke(slats, darken(accent, 0.5), 3, ' stroke-opacity=".4"');
      drawing.fill(
        archPath(x, ground, w, h),
        drawing.gradient(stops([0, '#fff3dc', 0.2], [1, '#2a1608', 0.28])),
      );
    }
    drawing.fill(
      `M${n(x - w * 0.3)} ${n(height * 0.32)}h${n(w * 0.6)}v${n(height * 0.09)}h${n(-w * 0.6)}z`,
      '#7d8f93',
    );
    drawing.stroke(
      `M${n(x)} ${n(height * 0.32)}v${n(height * 0.09)}M${n(x - w * 0.3)} ${n(height * 0.365)}h${n(w * 0.6)}`,
      '#efe4cc',
      4,
    );
  }
}

function crates(drawing: Drawing, x: number, ground: number, w: number, seed: string): void {
  const random = seeded(`${seed} crates`);
  const size = w * 0.23;
  for (const [col, count] of [
    [-1.5, 2],
    [-0.5, 3],
    [0.5, 2],
    [1.5, 1],
  ] as const) {
    for (let i = 0; i < count; i++) {
      const tone = random.pick(['#c79a5e', '#b98a5a', '#d0aa76']);
      const [cx, cy] = [x + col * size * 1.02, ground - i * size];
      drawing.fill(
        `M${n(cx - size / 2)} ${n(cy)}v${n(-size * 0.96)}h${n(size)}v${n(size * 0.96)}z`,
        drawing.gradient(stops([0, lighten(tone, 0.2)], [1, darken(tone, 0.3)])),
      );
      drawing.stroke(
        `M${n(cx - size / 2)} ${n(cy - size * 0.3)}h${n(size)}M${n(cx - size / 2)} ${n(cy - size * 0.64)}h${n(size)}`,
        darken(tone, 0.5),
        3,
        ' stroke-opacity=".5"',
      );
    }
  }
}

function street(drawing: Drawing, ground: number): void {
  const { width, height } = drawing;
  drawing.fill(
    `M0 ${n(ground)}H${width}V${height}H0Z`,
    drawing.gradient(stops([0, '#cdbd9f'], [0.3, '#dccdb0'], [1, '#bda886']), [0, 0, 0, 1]),
  );
  floorLines(drawing, ground, '#b3a080');
  drawing.fill(
    polygon([
      [width * 0.1, ground],
      [width * 0.9, ground],
      [width * 1.02, ground + (height - ground) * 0.5],
      [width * 0.2, ground + (height - ground) * 0.5],
    ]),
    '#3a2415',
    ' fill-opacity=".14"',
  );
}

function tub(drawing: Drawing, x: number, y: number, size: number, seed: string): void {
  groundShadow(drawing, x, y, size * 0.4, size);
  const pot = '#b9633f';
  drawing.fill(
    `M${n(x - size * 0.32)} ${n(y)}l${n(-size * 0.1)} ${n(-size * 0.62)}h${n(size * 0.84)}l${n(-size * 0.1)} ${n(size * 0.62)}q${n(-size * 0.32)} ${n(size * 0.1)} ${n(-size * 0.64)} 0z`,
    drawing.gradient(stops([0, darken(pot, 0.1)], [0.3, lighten(pot, 0.25)], [1, darken(pot, 0.45)])),
  );
  drawPlant(drawing, 'olive', x, y - size * 0.6, size * 1.7, size * 2.3, seed);
}
