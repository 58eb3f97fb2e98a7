import { seamless } from './backdrop.ts';
import type { Drawing } from './drawing.ts';
import { DRAUGHTSMEN } from './kinds.ts';
import type { Look, Place } from './look.ts';
import { groundShadow } from './shadow.ts';

/** The thing alone in the studio, as large as its real size suggests: a cup fills less than a chair. */
export function drawPackShot(drawing: Drawing, look: Look, tint: string): void {
  seamless(drawing, tint, 0.68);
  drawStanding(drawing, look, packPlace(drawing, look));
}

/** A thing with the shadow that it throws. */
export function drawStanding(drawing: Drawing, look: Look, place: Place, strength = 1): void {
  const { mount, draw } = DRAUGHTSMEN[look.kind];
  if (mount(look) === 'stand') {
    const { reach, lift } = footing(look);
    const y = place.y - lift * look.width * place.unit;
    const dark = lift > 0.05 ? strength * (look.width > 70 ? 0.42 : 0.66) : strength;
    groundShadow(drawing, place.x, y, look.width * reach * place.unit, look.height * place.unit, dark);
  }
  draw(drawing, look, place);
}

/** How far a thing's foot reaches, and how far back its middle lies, as shares of its width. */
function footing(look: Look): { reach: number; lift: number } {
  switch (look.kind) {
    case 'seat':
      return look.form === 'bench' ? { reach: 0.48, lift: 0.14 } : { reach: 0.52, lift: 0.1 };
    case 'table':
      return { reach: look.form === 'pedestal' ? 0.34 : 0.5, lift: look.form === 'coffee' ? 0.16 : 0.13 };
    case 'shelf':
      return { reach: 0.54, lift: look.form === 'ladder' ? 0.012 : 0.05 };
    case 'tableware':
      return { reach: look.form.endsWith('bowl') ? 0.27 : 0.36, lift: 0 };
    case 'cushion':
      return { reach: 0.42, lift: 0.012 };
    case 'lamp':
      return { reach: 0.3, lift: 0 };
    case 'vase':
    case 'jar':
      return { reach: 0.38, lift: 0 };
    case 'textile':
      return { reach: 0.48, lift: 0.02 };
    case 'mug':
    case 'basket':
    case 'board':
    case 'candle':
    case 'planter':
    case 'clock':
    case 'mirror':
      return { reach: 0.42, lift: 0 };
  }
}

export function packPlace(drawing: Drawing, look: Look): Place {
  const { width, height } = drawing;
  const { extent, mount } = DRAUGHTSMEN[look.kind];
  const box = extent(look);
  const size = Math.max(box.width, box.height);
  const modest = Math.min(1, 0.8 + size / 300);
  const unit = Math.min((width * 0.78) / box.width, (height * 0.74) / box.height) * modest;
  const x = width / 2;
  const tall = box.height * unit;
  switch (mount(look)) {
    case 'stand':
      return { x, unit, y: height * 0.5 + Math.min(height * 0.38, tall / 2 + height * 0.075) };
    case 'wall':
      return { x, unit, y: height * 0.48 - tall / 2 };
    case 'ceiling':
      return { x, unit, y: height * 0.46 - tall / 2 };
  }
}
