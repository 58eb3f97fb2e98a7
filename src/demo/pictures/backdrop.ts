import { darken, lighten, mix } from './colour.ts';
import { n, polygon, stops, type Drawing, type Point } from './drawing.ts';

/** The studio: one sheet of paper, wall into floor, lit from the upper left. */
export function seamless(drawing: Drawing, tint: string, horizon: number): void {
  const { width, height } = drawing;
  const sweep = stops(
    [0, mix(tint, '#9a8468', 0.04)],
    [horizon * 0.55, lighten(tint, 0.2)],
    [horizon * 0.92, lighten(tint, 0.45)],
    [horizon * 1.04, lighten(tint, 0.3)],
    [horizon + (1 - horizon) * 0.5, tint],
    [1, mix(tint, '#8a6c4c', 0.14)],
  );
  const all = `M0 0H${width}V${height}H0Z`;
  drawing.fill(all, drawing.gradient(sweep, [0, 0, 0, 1]));
  drawing.fill(
    all,
    drawing.gradient(
      stops([0, '#fff3dc', 0.16], [0.3, '#fff3dc', 0.12], [0.55, '#a87f58', 0.03], [1, '#6b4526', 0.11]),
    ),
  );
}

/** Light through a window, fallen on a wall: panes, leaning, with soft sides by two layers. */
export function windowLight(
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  height: number,
  strength: number,
): void {
  const lean = height * 0.34;
  let panes = '';
  for (const grow of [5, 0]) {
    panes = '';
    for (let column = 0; column < 2; column++) {
      for (let row = 0; row < 3; row++) {
        const left = x + (column * width) / 2 + width * 0.035 - grow;
        const right = x + ((column + 1) * width) / 2 - width * 0.035 + grow;
        const top = (row * height) / 3 + height * 0.02 - grow;
        const bottom = ((row + 1) * height) / 3 - height * 0.02 + grow;
        const at = (px: number, py: number): Point => [px + (py / height) * lean, y + py + (px - x) * 0.12];
        panes += polygon([at(left, top), at(right, top), at(right, bottom), at(left, bottom)]);
      }
    }
    drawing.fill(panes, '#fff0d0', ` fill-opacity="${n(strength * 100) / 200}"`);
  }
}

/** A plastered wall over a floor; gives back the floor line. */
export function room(drawing: Drawing, wall: string, floor: string, line: number): number {
  const { width, height } = drawing;
  const y = height * line;
  drawing.fill(
    `M0 0H${width}V${n(y)}H0Z`,
    drawing.gradient(
      stops([0, lighten(wall, 0.22)], [0.4, lighten(wall, 0.06)], [1, darken(wall, 0.16)]),
      [0, 0, 1, 0],
    ),
  );
  drawing.fill(
    `M0 0H${width}V${n(y)}H0Z`,
    drawing.gradient(stops([0, '#3a2415', 0.14], [0.5, '#3a2415', 0], [1, '#3a2415', 0.1]), [0, 0, 0, 1]),
  );
  drawing.fill(
    `M0 ${n(y)}H${width}V${height}H0Z`,
    drawing.gradient(stops([0, darken(floor, 0.2)], [0.3, floor], [1, darken(floor, 0.16)]), [0, 0, 0, 1]),
  );
  return y;
}
