import { Type } from 'typebox';
import { exactly, Id } from '#platform/schema.ts';
import { ITEMS_MAX, WORDING_MAX, WORDINGS_MAX } from './look.ts';

const Units = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });
export const Colour = Type.String({ pattern: '^#[0-9a-f]{6}$' });
const Placing = { x: Units(-500, 1500), y: Units(-500, 1750), turn: Units(-180, 180), place: Units(0, 99) };
const Nullable = Type.Union([Id, Type.Null()]);

/** Where everything of a look stands, on a canvas 1000 wide and 1250 high. */
export const LayoutParts = {
  sceneId: Nullable,
  items: Type.Array(
    exactly({
      productId: Id,
      variantId: Nullable,
      shape: Type.Enum(['cut_out', 'whole', 'hotspot']),
      width: Units(20, 2000),
      ...Placing,
    }),
    { maxItems: ITEMS_MAX },
  ),
  wordings: Type.Array(
    exactly({
      words: Type.String({ minLength: 1, maxLength: WORDING_MAX }),
      size: Units(16, 300),
      colour: Colour,
      ...Placing,
    }),
    { maxItems: WORDINGS_MAX },
  ),
};
export const Layout = exactly(LayoutParts);
