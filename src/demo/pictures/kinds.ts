import { basket } from './kinds/basket.ts';
import { servingBoard } from './kinds/board.ts';
import { candle } from './kinds/candle.ts';
import { cushion } from './kinds/cushion.ts';
import { jar } from './kinds/jar.ts';
import { lamp } from './kinds/lamp.ts';
import { mug } from './kinds/mug.ts';
import { clock, mirror } from './kinds/on-wall.ts';
import { planter } from './kinds/planter.ts';
import { seat } from './kinds/seat.ts';
import { shelf } from './kinds/shelf.ts';
import { table } from './kinds/table.ts';
import { tableware } from './kinds/tableware.ts';
import { textile } from './kinds/textile.ts';
import { vase } from './kinds/vase.ts';
import type { Draughtsman, Kind } from './look.ts';

export const DRAUGHTSMEN: Record<Kind, Draughtsman> = {
  vase,
  mug,
  tableware,
  lamp,
  seat,
  table,
  shelf,
  cushion,
  textile,
  candle,
  mirror,
  clock,
  basket,
  jar,
  planter,
  board: servingBoard,
};
