import { darken, lighten, mix } from './colour.ts';
import { type Drawing, ellipse, n, stops } from './drawing.ts';
import { seeded } from './random.ts';

/** How somebody of the demo looks: what the drawing can't take from chance without becoming somebody else. */
export interface Face {
  hair: 'short' | 'bob' | 'bun' | 'long' | 'curls' | 'bald' | 'scarf';
  hairColour: string;
  skin: string;
  wears: string;
  behind: string;
  hasGlasses?: boolean;
  hasBeard?: boolean;
}

/** Head and shoulders by a window, as a picture of oneself is taken. */
export function drawAvatar(drawing: Drawing, face: Face, seed: string): void {
  const { width: w, height: h } = drawing;
  const random = seeded(`avatar ${seed}`);
  const lean = random.between(-0.025, 0.025) * w;
  const x = w / 2 + lean;
  const light = drawing.gradient(
    stops([0, lighten(face.behind, 0.34)], [0.6, face.behind], [1, darken(face.behind, 0.16)]),
    [0, 0, 1, 1],
  );
  drawing.fill(`M0 0H${w}V${h}H0Z`, light);
  drawing.fill(
    `M${n(w * 0.06)} ${n(h * 0.02)}L${n(w * 0.36)} 0L${n(w * 0.22)} ${n(h)}L${n(-w * 0.1)} ${n(h)}Z`,
    lighten(face.behind, 0.5),
    ' fill-opacity=".4"',
  );
  const head = { x, y: h * 0.42, rx: w * random.between(0.155, 0.17), ry: h * random.between(0.2, 0.215) };
  backHair(drawing, face, head);
  shoulders(drawing, face, head);
  drawHead(drawing, face, head);
  frontHair(drawing, face, head);
}

interface Head {
  x: number;
  y: number;
  rx: number;
  ry: number;
}

/** Lit from the left, as everything in the demo is. */
const lit = (drawing: Drawing, colour: string): string =>
  drawing.gradient(
    stops([0, lighten(colour, 0.26)], [0.5, colour], [1, darken(colour, 0.3)]),
    [0, 0.2, 1, 0.8],
  );

function shoulders(drawing: Drawing, face: Face, { x, y, rx, ry }: Head): void {
  const { width: w, height: h } = drawing;
  const skin = drawing.gradient(
    stops([0, darken(face.skin, 0.3)], [1, darken(face.skin, 0.06)]),
    [0, 0, 0, 1],
  );
  drawing.fill(
    `M${n(x - rx * 0.52)} ${n(y + ry * 0.5)}V${n(y + ry * 1.5)}H${n(x + rx * 0.52)}V${n(y + ry * 0.5)}Z`,
    skin,
  );
  const top = y + ry * 1.22;
  const half = w * 0.36;
  drawing.fill(
    `M${n(x - rx * 0.62)} ${n(top)}Q${n(x)} ${n(top + ry * 0.42)} ${n(x + rx * 0.62)} ${n(top)}C${n(x + half * 0.7)} ${n(top + h * 0.04)} ${n(x + half)} ${n(top + h * 0.12)} ${n(x + half * 1.08)} ${n(h * 1.02)}H${n(x - half * 1.08)}C${n(x - half)} ${n(top + h * 0.12)} ${n(x - half * 0.7)} ${n(top + h * 0.04)} ${n(x - rx * 0.62)} ${n(top)}Z`,
    lit(drawing, face.wears),
  );
  drawing.stroke(
    `M${n(x - rx * 0.62)} ${n(top)}Q${n(x)} ${n(top + ry * 0.42)} ${n(x + rx * 0.62)} ${n(top)}`,
    darken(face.wears, 0.32),
    w * 0.012,
  );
}

function drawHead(drawing: Drawing, face: Face, { x, y, rx, ry }: Head): void {
  const skin = lit(drawing, face.skin);
  for (const side of [-1, 1])
    drawing.fill(ellipse(x + side * rx * 0.98, y + ry * 0.08, rx * 0.16, ry * 0.18), darken(face.skin, 0.16));
  drawing.fill(
    `M${n(x - rx)} ${n(y - ry * 0.2)}C${n(x - rx)} ${n(y - ry * 1.3)} ${n(x + rx)} ${n(y - ry * 1.3)} ${n(x + rx)} ${n(y - ry * 0.2)}C${n(x + rx * 1.02)} ${n(y + ry * 0.5)} ${n(x + rx * 0.5)} ${n(y + ry)} ${n(x)} ${n(y + ry)}C${n(x - rx * 0.5)} ${n(y + ry)} ${n(x - rx * 1.02)} ${n(y + ry * 0.5)} ${n(x - rx)} ${n(y - ry * 0.2)}Z`,
    skin,
  );
  if (face.hasBeard)
    drawing.fill(
      `M${n(x - rx)} ${n(y + ry * 0.05)}C${n(x - rx * 0.8)} ${n(y + ry * 0.42)} ${n(x - rx * 0.5)} ${n(y + ry * 0.34)} ${n(x)} ${n(y + ry * 0.36)}S${n(x + rx * 0.8)} ${n(y + ry * 0.42)} ${n(x + rx)} ${n(y + ry * 0.05)}C${n(x + rx * 1.06)} ${n(y + ry * 0.8)} ${n(x + rx * 0.5)} ${n(y + ry * 1.12)} ${n(x)} ${n(y + ry * 1.12)}S${n(x - rx * 1.06)} ${n(y + ry * 0.8)} ${n(x - rx)} ${n(y + ry * 0.05)}Z`,
      lit(drawing, face.hairColour),
    );
  const line = darken(face.skin, 0.62);
  for (const side of [-1, 1]) {
    const eye = x + side * rx * 0.42;
    drawing.fill(ellipse(eye, y + ry * 0.02, rx * 0.075, ry * 0.055), darken(face.skin, 0.82));
    drawing.stroke(
      `M${n(eye - rx * 0.18)} ${n(y - ry * 0.16)}Q${n(eye)} ${n(y - ry * 0.25)} ${n(eye + rx * 0.18)} ${n(y - ry * 0.16)}`,
      mix(face.hairColour, line, 0.4),
      rx * 0.06,
    );
    if (face.hasGlasses)
      drawing.stroke(ellipse(eye, y + ry * 0.03, rx * 0.3, ry * 0.2), '#3b332c', rx * 0.055);
  }
  if (face.hasGlasses) drawing.stroke(`M${n(x - rx * 0.12)} ${n(y)}h${n(rx * 0.24)}`, '#3b332c', rx * 0.055);
  drawing.stroke(
    `M${n(x + rx * 0.02)} ${n(y + ry * 0.06)}q${n(rx * 0.14)} ${n(ry * 0.24)} ${n(-rx * 0.06)} ${n(ry * 0.27)}`,
    darken(face.skin, 0.34),
    rx * 0.05,
  );
  drawing.stroke(
    `M${n(x - rx * 0.27)} ${n(y + ry * 0.56)}Q${n(x)} ${n(y + ry * 0.7)} ${n(x + rx * 0.29)} ${n(y + ry * 0.54)}`,
    mix(darken(face.skin, 0.4), '#a2493f', 0.5),
    rx * 0.08,
  );
}

/** What of the hair is behind the head. */
function backHair(drawing: Drawing, { hair, hairColour }: Face, { x, y, rx, ry }: Head): void {
  const paint = darken(hairColour, 0.22);
  const fall = { bob: 0.75, long: 1.9, scarf: 1.3 }[hair as string];
  if (fall !== undefined)
    drawing.fill(
      `M${n(x - rx * 1.2)} ${n(y - ry * 0.2)}C${n(x - rx * 1.3)} ${n(y - ry * 1.5)} ${n(x + rx * 1.3)} ${n(y - ry * 1.5)} ${n(x + rx * 1.2)} ${n(y - ry * 0.2)}L${n(x + rx * 1.3)} ${n(y + ry * fall)}Q${n(x)} ${n(y + ry * (fall + 0.2))} ${n(x - rx * 1.3)} ${n(y + ry * fall)}Z`,
      paint,
    );
  if (hair === 'bun')
    drawing.fill(ellipse(x + rx * 0.1, y - ry * 1.26, rx * 0.46, ry * 0.34), lit(drawing, hairColour));
  if (hair === 'curls')
    for (let i = 0; i < 13; i++) {
      const turn = Math.PI * (0.86 + (i / 12) * 1.28);
      drawing.fill(
        ellipse(
          x + Math.cos(turn) * rx * 1.14,
          y - ry * 0.26 + Math.sin(turn) * ry * 0.98,
          rx * 0.36,
          rx * 0.36,
        ),
        i % 2 ? paint : hairColour,
      );
    }
}

/** What of it falls over the brow. */
function frontHair(drawing: Drawing, { hair, hairColour }: Face, { x, y, rx, ry }: Head): void {
  if (hair === 'bald') return;
  const paint = lit(drawing, hairColour);
  const brow = hair === 'scarf' ? 0.42 : 0.5;
  const low = { short: 0.2, bun: 0.25, bob: -0.35, long: -0.5, curls: 0.3, scarf: -0.7, bald: 0 }[hair];
  drawing.fill(
    `M${n(x - rx * 1.07)} ${n(y - ry * low)}C${n(x - rx * 1.2)} ${n(y - ry * 1.46)} ${n(x + rx * 1.2)} ${n(y - ry * 1.46)} ${n(x + rx * 1.07)} ${n(y - ry * low)}C${n(x + rx * 0.98)} ${n(y - ry * (brow + 0.06))} ${n(x + rx * 0.5)} ${n(y - ry * (brow + 0.2))} ${n(x + rx * 0.12)} ${n(y - ry * (brow + 0.22))}C${n(x - rx * 0.4)} ${n(y - ry * (brow + 0.2))} ${n(x - rx * 0.9)} ${n(y - ry * brow)} ${n(x - rx * 1.07)} ${n(y - ry * low)}Z`,
    paint,
  );
}
