import { darken } from '../colour.ts';
import type { Drawing } from '../drawing.ts';
import type { Draughtsman, Look } from '../look.ts';
import { seeded, type Random } from '../random.ts';
import { board, disc, discGrain, limb, type Camera } from '../solid.ts';

/** Side, tray, coffee and pedestal tables. */
export const table: Draughtsman = {
  forms: ['side', 'tray', 'coffee', 'pedestal'],
  mount: () => 'stand',
  extent: (look) => ({
    width: look.width * (look.form === 'coffee' ? 1.02 : 1.08),
    height: look.height * 1.12,
  }),
  draw: (drawing, look, place) => {
    const random = seeded(`${look.seed} table`);
    const lift = look.form === 'coffee' ? 0.14 : 0.13;
    const camera: Camera = {
      place: { ...place, y: place.y - look.width * lift * place.unit },
      yaw: look.form === 'coffee' ? -0.42 : -0.35,
      pitch: 0.3,
    };
    switch (look.form) {
      case 'coffee':
        return coffee(drawing, look, camera, random);
      case 'pedestal':
        return pedestal(drawing, look, camera, random);
      default:
        return side(drawing, look, camera, random);
    }
  },
};

function side(drawing: Drawing, look: Look, camera: Camera, random: Random): void {
  const r = look.width / 2;
  const h = look.height;
  const leg = (angle: number): void => {
    const [x, z] = [Math.cos(angle), Math.sin(angle)];
    limb(drawing, camera, {
      from: [x * r * 0.94, 0, z * r * 0.94],
      to: [x * r * 0.7, h - 3, z * r * 0.7],
      thick: [2, 3.6],
      colour: look.colour,
    });
  };
  leg(-2.1);
  leg(-0.5);
  if (look.pattern !== 'plain') disc(drawing, camera, [0, h * 0.34, 0], r * 0.74, 2, look.colour);
  leg(2.35);
  leg(0.9);
  if (look.form === 'tray') {
    disc(drawing, camera, [0, h + 4, 0], r, 6, darken(look.colour, 0.1));
    disc(drawing, camera, [0, h + 2.4, 0], r * 0.94, 0.1, darken(look.colour, 0.25));
    discGrain(drawing, camera, [0, h + 2.4, 0], r * 0.92, look.colour, random);
    return;
  }
  disc(drawing, camera, [0, h, 0], r, 2.6, look.colour);
  discGrain(drawing, camera, [0, h, 0], r * 0.98, look.colour, random);
}

function pedestal(drawing: Drawing, look: Look, camera: Camera, random: Random): void {
  const r = look.width / 2;
  const h = look.height;
  disc(drawing, camera, [0, 3, 0], r * 0.62, 3, look.accent);
  limb(drawing, camera, {
    from: [0, 3, 0],
    to: [0, h - 2, 0],
    thick: [r * 0.34, r * 0.22],
    colour: look.accent,
  });
  disc(drawing, camera, [0, h, 0], r, 3, look.colour);
  discGrain(drawing, camera, [0, h, 0], r * 0.98, look.colour, random);
}

function coffee(drawing: Drawing, look: Look, camera: Camera, random: Random): void {
  const w = look.width / 2;
  const d = w * 0.52;
  const h = look.height;
  for (const [x, z] of [
    [-0.9, -0.86],
    [0.9, -0.86],
    [-0.9, 0.86],
    [0.9, 0.86],
  ] as const) {
    limb(drawing, camera, {
      from: [x * w, 0, z * d],
      to: [x * w * 0.95, h - 3, z * d * 0.93],
      thick: [2.6, 4.4],
      colour: look.colour,
    });
  }
  board(
    drawing,
    camera,
    {
      at: [-w * 0.86, h * 0.36, -d * 0.8],
      size: [w * 1.72, 1.6, d * 1.6],
      colour: darken(look.colour, 0.12),
      grain: 'x',
    },
    random,
  );
  for (const [x, z] of [
    [-0.9, 0.86],
    [0.9, 0.86],
  ] as const) {
    limb(drawing, camera, {
      from: [x * w, 0, z * d],
      to: [x * w * 0.95, h - 3, z * d * 0.93],
      thick: [2.6, 4.4],
      colour: look.colour,
    });
  }
  board(
    drawing,
    camera,
    { at: [-w, h - 3, -d], size: [w * 2, 3, d * 2], colour: look.colour, grain: 'x' },
    random,
  );
}
