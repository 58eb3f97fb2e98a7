import { darken } from '../colour.ts';
import type { Drawing } from '../drawing.ts';
import type { Draughtsman, Look } from '../look.ts';
import { seeded, type Random } from '../random.ts';
import { board, limb, project, type Camera, type Spot } from '../solid.ts';
import { drawBooks } from '../books.ts';
import { drawVessel } from '../vessel.ts';

/** Wall shelves, bookcases and ladders for blankets. */
export const shelf: Draughtsman = {
  forms: ['wall-shelf', 'bookcase', 'ladder', 'cabinet'],
  mount: (look) => (look.form === 'wall-shelf' ? 'wall' : 'stand'),
  extent: (look) => ({
    width: look.width * 1.12,
    height: look.form === 'wall-shelf' ? look.height * 1.2 : look.height * 1.04,
  }),
  draw: (drawing, look, place) => {
    const random = seeded(`${look.seed} shelf`);
    const camera: Camera = { place, yaw: -0.36, pitch: 0.12 };
    switch (look.form) {
      case 'wall-shelf':
        return wallShelf(
          drawing,
          look,
          { ...camera, yaw: -0.24, pitch: 0.2, place: { ...place, y: place.y + look.height * place.unit } },
          random,
        );
      case 'ladder':
        return ladder(drawing, look, { ...camera, yaw: -0.3 });
      default:
        return bookcase(drawing, look, camera, random);
    }
  },
};

function wallShelf(drawing: Drawing, look: Look, camera: Camera, random: Random): void {
  const w = look.width / 2;
  const d = 20;
  const floors = look.height > 40 ? [0, look.height * 0.5] : [0];
  for (const y of floors) {
    board(
      drawing,
      camera,
      { at: [-w, y, 0], size: [w * 2, 2.6, d], colour: look.colour, grain: 'x' },
      random,
    );
    for (const x of [-w * 0.8, w * 0.78]) {
      board(drawing, camera, { at: [x, y - 10, 0], size: [2.2, 10, 2.2], colour: look.accent }, random);
    }
    furnish(drawing, camera, random, -w * 0.85, w * 0.8, y + 2.6, d * 0.5, look.height > 40 ? 20 : 26);
  }
}

function bookcase(drawing: Drawing, look: Look, camera: Camera, random: Random): void {
  const w = look.width / 2;
  const d = 30;
  const h = look.height;
  const t = 2.6;
  const wood = look.colour;
  board(
    drawing,
    camera,
    { at: [-w, 0, -d], size: [w * 2, h, 0.6], colour: darken(wood, 0.34), grain: 'y' },
    random,
  );
  board(drawing, camera, { at: [-w, 0, -d], size: [t, h, d], colour: wood, grain: 'y' }, random);
  const floors = look.form === 'cabinet' ? 3 : Math.max(3, Math.round(h / 38));
  const gap = (h - 10) / floors;
  for (let i = 0; i < floors; i++) {
    const y = 8 + i * gap;
    board(
      drawing,
      camera,
      { at: [-w + t, y, -d + 1], size: [w * 2 - 2 * t, 2, d - 1], colour: wood, grain: 'x' },
      random,
    );
    if (look.form === 'cabinet' && i === 0) {
      for (const x of [-w + t, 0.4]) {
        board(
          drawing,
          camera,
          { at: [x, y, -1.6], size: [w - t - 0.4, gap, 1.6], colour: wood, grain: 'y' },
          random,
        );
        const knob: Spot = [x < 0 ? -3 : 3.4, y + gap * 0.55, 0.6];
        limb(drawing, camera, {
          from: knob,
          to: [knob[0], knob[1], knob[2] + 2],
          thick: [2, 2],
          colour: look.accent,
          metal: true,
        });
      }
    } else furnish(drawing, camera, random, -w * 0.82, w * 0.8, y + 2, -d * 0.42, gap * 0.72);
  }
  board(drawing, camera, { at: [w - t, 0, -d], size: [t, h, d], colour: wood, grain: 'y' }, random);
  board(
    drawing,
    camera,
    { at: [-w - 0.6, h - t, -d], size: [w * 2 + 1.2, t, d + 0.6], colour: wood, grain: 'x' },
    random,
  );
}

/** What people put on shelves: books, a pot, another pot, and air. */
function furnish(
  drawing: Drawing,
  camera: Camera,
  random: Random,
  from: number,
  to: number,
  y: number,
  z: number,
  room: number,
): void {
  let x = from;
  while (x < to - 9) {
    const [px, py] = project(camera, [x, y, z]);
    const roll = random.next();
    if (roll < 0.42) {
      const width = Math.min(to - x, random.between(11, 19));
      drawBooks(drawing, px, py, width * camera.place.unit * 0.94, room * 0.86 * camera.place.unit, random);
      x += width + random.between(3, 6);
    } else if (roll < 0.8) {
      const width = random.between(8, 12);
      const [cx, cy] = project(camera, [x + width / 2, y, z]);
      const pot = {
        kind: 'vase',
        form: 'bottle',
        material: random.pick(['stoneware', 'terracotta', 'porcelain'] as const),
        colour: random.pick(['#d8c9ae', '#b5644a', '#8c9a86', '#e8e0d0', '#3d5666']),
        accent: '#a9805c',
        width,
        height: Math.min(room * 0.84, width * random.between(0.9, 2)),
        pattern: 'plain',
        seed: `${x} ${y}`,
      } as const;
      const profile = random.pick([
        [
          [0, 0.5],
          [0.3, 1],
          [0.6, 0.8],
          [0.8, 0.34],
          [1, 0.42],
        ],
        [
          [0, 0.7],
          [0.2, 0.96],
          [0.8, 1],
          [1, 0.94],
        ],
        [
          [0, 0.5],
          [0.4, 1],
          [0.8, 0.7],
          [1, 0.5],
        ],
      ] as const);
      drawVessel(drawing, pot, { x: cx, y: cy, unit: camera.place.unit }, { profile, open: true, tilt: 0.1 });
      x += width + random.between(3, 8);
    } else x += random.between(8, 14);
  }
}

/** Leans on the wall, to hang blankets on. */
function ladder(drawing: Drawing, look: Look, camera: Camera): void {
  const w = look.width / 2;
  const h = look.height;
  const lean = (y: number): number => -14 * (y / h);
  const rungs = 5;
  for (let i = 0; i < rungs; i++) {
    const y = h * (0.14 + (0.74 * i) / (rungs - 1));
    limb(drawing, camera, {
      from: [-w, y, lean(y)],
      to: [w, y, lean(y)],
      thick: [3, 3],
      colour: look.colour,
    });
  }
  for (const side of [-1, 1]) {
    limb(drawing, camera, {
      from: [side * w, 0, 0],
      to: [side * w * 0.86, h, lean(h)],
      thick: [4.2, 3.4],
      colour: look.colour,
    });
  }
}
