import { createHash } from 'node:crypto';
import { drawAvatar, type Face } from './avatars.ts';
import { seamless } from './backdrop.ts';
import { Drawing } from './drawing.ts';
import { drawHome } from './home.ts';
import { DRAUGHTSMEN } from './kinds.ts';
import type { Look } from './look.ts';
import { drawStanding, packPlace } from './pack-shot.ts';
import type { MakerKey } from './palettes.ts';
import { drawFront, type Front } from './places.ts';
import { drawBrandHero, drawWorkshop } from './portraits.ts';
import { drawPackShot } from './pack-shot.ts';
import { drawRoom } from './room.ts';
import { drawScene, unitFor, type SceneKind } from './scenes.ts';

/** All that a picture is made of, as plain data: the same spec is the same picture, now and later. */
export type PictureSpec =
  | { view: 'front'; look: Look; tint: string }
  | { view: 'detail'; look: Look; tint: string }
  | { view: 'family'; looks: readonly Look[]; tint: string }
  | { view: 'scene'; scene: SceneKind; looks: readonly Look[]; tint: string; seed: string }
  | { view: 'workshop'; maker: MakerKey; seed: string }
  | { view: 'brand'; maker: MakerKey; seed: string }
  | { view: 'place'; front: Front }
  | { view: 'avatar'; face: Face; seed: string }
  | { view: 'home' };

export interface Size {
  width: number;
  height: number;
}

const PRODUCT: Size = { width: 960, height: 1200 };
const WIDE: Size = { width: 1600, height: 1000 };
const AVATAR: Size = { width: 480, height: 480 };
const HOME: Size = { width: 1920, height: 900 };

/** The size that a picture is drawn for, in pixels. */
export function sizeOf(spec: PictureSpec): Size {
  switch (spec.view) {
    case 'front':
    case 'detail':
    case 'family':
    case 'scene':
      return PRODUCT;
    case 'workshop':
    case 'brand':
    case 'place':
      return WIDE;
    case 'avatar':
      return AVATAR;
    case 'home':
      return HOME;
  }
}

/** The picture as SVG text. */
export function drawProduct(spec: PictureSpec): string {
  const { width, height } = sizeOf(spec);
  const drawing = new Drawing(width, height);
  paint(drawing, spec);
  return drawing.toString();
}

/** A name for a spec, the same for equal ones, so that a picture that two things share is drawn once. */
export function pictureKey(spec: PictureSpec): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(spec)))
    .digest('base64url')
    .slice(0, 20);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, inOrder(item)]),
  );
}

function paint(drawing: Drawing, spec: PictureSpec): void {
  switch (spec.view) {
    case 'front':
      return drawPackShot(drawing, spec.look, spec.tint);
    case 'detail':
      return drawDetail(drawing, spec.look, spec.tint);
    case 'family':
      return drawFamily(drawing, spec.looks, spec.tint);
    case 'scene':
      if (spec.scene === 'room') return drawRoom(drawing, spec.looks, spec.tint, spec.seed);
      return drawScene(drawing, spec.scene, spec.looks, spec.tint, spec.seed);
    case 'workshop':
      return drawWorkshop(drawing, spec.maker, spec.seed);
    case 'brand':
      return drawBrandHero(drawing, spec.maker, spec.seed);
    case 'place':
      return drawFront(drawing, spec.front);
    case 'avatar':
      return drawAvatar(drawing, spec.face, spec.seed);
    case 'home':
      return drawHome(drawing);
  }
}

const CLOSER = 2.1;

/** The upper part, from near: rim, weave, joint. */
function drawDetail(drawing: Drawing, look: Look, tint: string): void {
  const { width, height } = drawing;
  seamless(drawing, tint, 0.9);
  const far = packPlace(drawing, look);
  const { mount } = DRAUGHTSMEN[look.kind];
  const tall = look.height * far.unit;
  const top = mount(look) === 'stand' ? far.y - tall : far.y;
  const aim = {
    x: far.x + look.width * far.unit * 0.12,
    y: top + tall * (mount(look) === 'ceiling' ? 0.72 : 0.3),
  };
  drawStanding(drawing, look, {
    x: width / 2 + (far.x - aim.x) * CLOSER,
    y: height * 0.46 + (far.y - aim.y) * CLOSER,
    unit: far.unit * CLOSER,
  });
}

/** The same thing in several colours, side by side, one a little in front. */
function drawFamily(drawing: Drawing, looks: readonly Look[], tint: string): void {
  const { width, height } = drawing;
  seamless(drawing, tint, 0.66);
  const shown = looks.slice(0, 3);
  const first = shown[0];
  if (!first) return;
  const unit = unitFor(shown, width * 0.98, height * 0.6);
  const box = DRAUGHTSMEN[first.kind].extent(first);
  const step = Math.min(width * 0.3, box.width * unit * 1.02);
  const base = packPlace(drawing, first);
  const from = width / 2 - (step * (shown.length - 1)) / 2;
  const order = [...shown.keys()].sort((a, b) => (a === 1 ? 1 : 0) - (b === 1 ? 1 : 0));
  for (const i of order) {
    const look = shown[i];
    if (!look) continue;
    const stands = DRAUGHTSMEN[look.kind].mount(look) === 'stand';
    const y = stands
      ? height * 0.5 + (box.height * unit) / 2 + height * 0.08 + (i === 1 ? height * 0.05 : 0)
      : Math.min(base.y + height * 0.16, height * 0.46 - (box.height * unit) / 2);
    drawStanding(drawing, look, { x: from + step * i, y, unit });
  }
}
