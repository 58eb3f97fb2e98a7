import { darken, lighten, mix } from './colour.ts';
import { n, polygon, stops, type Drawing } from './drawing.ts';
import { leafPath } from './plants.ts';
import { seeded } from './random.ts';
import { pool } from './shadow.ts';

/** An opening with a round head, its foot's middle at (x, y). */
export function archPath(x: number, y: number, width: number, height: number): string {
  const r = width / 2;
  return `M${n(x - r)} ${n(y)}V${n(y - height + r)}a${n(r)} ${n(r)} 0 0 1 ${n(width)} 0V${n(y)}Z`;
}

/** A recess in a plastered wall with a ledge to stand things on, lit from the upper left. */
export function niche(
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  height: number,
  wall: string,
): void {
  const deep = width * 0.07;
  drawing.fill(
    archPath(x, y, width, height),
    drawing.gradient(stops([0, darken(wall, 0.4)], [0.5, darken(wall, 0.24)], [1, lighten(wall, 0.1)])),
  );
  drawing.fill(
    archPath(x + deep * 0.55, y, width - deep * 1.5, height - deep * 1.1),
    drawing.gradient(
      stops([0, darken(wall, 0.3)], [0.35, darken(wall, 0.14)], [1, lighten(wall, 0.16)]),
      [0, 0, 1, 0.4],
    ),
  );
  drawing.fill(
    `M${n(x - width / 2)} ${n(y)}h${n(width)}l${n(-deep * 0.95)} ${n(-deep * 1.5)}h${n(-(width - deep * 1.5))}z`,
    drawing.gradient(stops([0, darken(wall, 0.2)], [0.6, lighten(wall, 0.3)], [1, lighten(wall, 0.1)])),
  );
  drawing.stroke(archPath(x, y, width, height), lighten(wall, 0.5), 2.5, ' stroke-opacity=".6"');
}

/** A table's or a bench's top, from `y` to the lower edge of the picture, its boards running away. */
export function tabletop(drawing: Drawing, y: number, colour: string, seed: string): void {
  const { width, height } = drawing;
  const random = seeded(`${seed} tabletop`);
  const all = `M0 ${n(y)}H${width}V${height}H0Z`;
  drawing.fill(
    all,
    drawing.gradient(
      stops(
        [0, darken(colour, 0.22)],
        [0.12, darken(colour, 0.05)],
        [0.5, lighten(colour, 0.14)],
        [1, darken(colour, 0.1)],
      ),
      [0, 0, 0, 1],
    ),
  );
  drawing.fill(all, drawing.gradient(stops([0, '#fff3dc', 0.2], [0.5, '#fff3dc', 0], [1, '#2a1608', 0.22])));
  let lines = '';
  let seams = '';
  for (let i = 0; i < 46; i++) {
    const t = random.next() ** 1.5;
    const at = y + (height - y) * (0.03 + t * 0.95);
    const from = random.between(-0.1, 0.8) * width;
    const long = random.between(0.12, 0.42) * width;
    lines += `M${n(from)} ${n(at)}q${n(long / 2)} ${n(random.between(-4, 4))} ${n(long)} ${n(random.between(-2, 2))}`;
  }
  for (const t of [0.2, 0.52, 0.98]) seams += `M0 ${n(y + (height - y) * t)}H${width}`;
  drawing.stroke(lines, darken(colour, 0.5), 1.8, ' stroke-opacity=".16"');
  drawing.stroke(seams, darken(colour, 0.6), 2.4, ' stroke-opacity=".3"');
}

/** Floor of wide flags or boards, drawn towards one point behind the wall. */
export function floorLines(drawing: Drawing, y: number, colour: string): void {
  const { width, height } = drawing;
  const vanish = [width * 0.42, y - height * 0.34] as const;
  let lines = '';
  for (let i = -14; i <= 24; i++) {
    const bottom = (i / 10) * width;
    const t = (y - vanish[1]) / (height - vanish[1]);
    lines += `M${n(vanish[0] + (bottom - vanish[0]) * t)} ${n(y)}L${n(bottom)} ${height}`;
  }
  let rows = '';
  for (let i = 1; i < 6; i++) {
    const at = y + (height - y) * (i / 6) ** 1.7;
    rows += `M0 ${n(at)}H${width}`;
  }
  drawing.stroke(lines + rows, darken(colour, 0.55), 2, ' stroke-opacity=".16"');
}

/** The shadow of an olive branch on a wall, from beside the window. */
export function branchShadow(
  drawing: Drawing,
  x: number,
  y: number,
  reach: number,
  seed: string,
  opacity = 0.07,
): void {
  const random = seeded(`${seed} branch`);
  let path = '';
  for (let twig = 0; twig < 5; twig++) {
    const angle = 0.3 + twig * 0.34 + random.between(-0.1, 0.1);
    const long = reach * random.between(0.6, 1);
    for (let i = 1; i < 13; i++) {
      const t = i / 12;
      const px = x + Math.cos(angle) * long * t;
      const py = y + Math.sin(angle) * long * t + long * 0.12 * t * t;
      for (const side of [-1, 1]) {
        path += leafPath(
          px,
          py,
          angle + side * random.between(0.4, 0.9),
          reach * random.between(0.09, 0.14),
          0.26,
        );
      }
    }
  }
  drawing.fill(path, '#3a2415', ` fill-opacity="${opacity}"`);
}

/** A window with panes and a sill, seen from inside, filled with afternoon. */
export function paneWindow(
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  height: number,
  frame: string,
): void {
  const t = width * 0.045;
  drawing.fill(
    `M${n(x - t)} ${n(y - t)}h${n(width + 2 * t)}v${n(height + 2 * t)}h${n(-width - 2 * t)}z`,
    darken(frame, 0.12),
  );
  drawing.fill(
    `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}z`,
    drawing.gradient(
      stops([0, '#dce6e4'], [0.55, '#f6ecd4'], [0.74, '#f3dfb8'], [0.76, '#a9b08a'], [1, '#7f8c62']),
      [0, 0, 0, 1],
    ),
  );
  drawing.fill(
    `M${n(x)} ${n(y + height * 0.8)}q${n(width * 0.2)} ${n(-height * 0.14)} ${n(width * 0.45)} ${n(-height * 0.03)}t${n(width * 0.55)} ${n(-height * 0.06)}V${n(y + height)}H${n(x)}Z`,
    '#6d7d55',
  );
  drawing.stroke(
    `M${n(x + width / 2)} ${n(y)}v${n(height)}M${n(x)} ${n(y + height / 3)}h${n(width)}M${n(x)} ${n(y + (height * 2) / 3)}h${n(width)}`,
    frame,
    t * 0.6,
    ' stroke-linecap="butt"',
  );
  drawing.stroke(`M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}z`, lighten(frame, 0.3), t * 0.5);
  drawing.fill(
    `M${n(x - t * 2)} ${n(y + height + t)}h${n(width + 4 * t)}v${n(t * 1.3)}h${n(-width - 4 * t)}z`,
    lighten(frame, 0.2),
  );
}

/** A plain wall shelf right across, with its shade below. */
export function ledge(
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  thick: number,
  colour: string,
): void {
  pool(drawing, x + width * 0.52, y + thick * 2.4, width * 0.56, thick * 2.6, 0.5);
  drawing.fill(
    polygon([
      [x, y],
      [x + width, y],
      [x + width * 0.985, y - thick * 0.7],
      [x + width * 0.015, y - thick * 0.7],
    ]),
    lighten(colour, 0.24),
  );
  drawing.fill(
    `M${n(x)} ${n(y)}h${n(width)}v${n(thick)}h${n(-width)}z`,
    drawing.gradient(stops([0, lighten(colour, 0.1)], [1, darken(colour, 0.24)])),
  );
}

/** Hills, sea and sky as they are seen between columns; `line` is the sea's horizon. */
export function landscape(drawing: Drawing, line: number): void {
  const { width, height } = drawing;
  drawing.fill(
    `M0 0H${width}V${n(line)}H0Z`,
    drawing.gradient(
      stops([0, '#b9cfd3'], [0.5, '#e3e2d0'], [0.85, '#f6e3bf'], [1, '#f7d9ac']),
      [0, 0, 0, 1],
    ),
  );
  drawing.fill(
    `M0 ${n(line)}H${width}V${n(line + height * 0.16)}H0Z`,
    drawing.gradient(stops([0, '#a5c0c0'], [1, '#5f929e']), [0, 0, 0, 1]),
  );
  const ridge = (base: number, swing: number, colour: string, seed: string): void => {
    const random = seeded(seed);
    let path = `M0 ${n(base)}`;
    let x = 0;
    while (x < width) {
      const step = random.between(0.06, 0.14) * width;
      path += `q${n(step / 2)} ${n(-random.between(0.3, 1) * swing)} ${n(step)} ${n(random.between(-0.12, 0.12) * swing)}`;
      x += step;
    }
    drawing.fill(`${path}V${n(line + 3)}H0Z`, colour);
  };
  ridge(line - height * 0.012, height * 0.1, mix('#b9c2bd', '#e8d3b0', 0.3), 'far ridge');
  ridge(line, height * 0.05, '#9aa890', 'near ridge');
}
