import { sql } from 'kysely';
import { inTransaction } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { seedMember } from '../modules/identity/index.ts';
import { type LookItem, publishLook, remix, saveLook } from '../modules/looks/index.ts';
import { ownProfile } from '../modules/social/index.ts';
import type { DemoProduct } from './products.ts';

const PEOPLE = {
  ada: 'Ada Verhoeven',
  marit: 'Marit Dahl',
  jonas: 'Jonas Albrecht',
  leila: 'Leila Haddad',
} as const;

/** A category, which of its products, and where it stands: x, y, width and perhaps turn. */
type Placing = [category: string, nth: number, x: number, y: number, width: number, turn?: number];

interface DemoLook {
  name: string;
  by: keyof typeof PEOPLE;
  title: string;
  words: string;
  ground: string;
  placings: Placing[];
  wording?: [words: string, x: number, y: number, size: number, colour: string];
  remixOf?: string;
}

const LOOKS: DemoLook[] = [
  {
    name: 'corner',
    by: 'marit',
    title: 'A corner to read in',
    words: 'North window, four in the afternoon. The stool holds the cup until the second chapter.',
    ground: '#e4dccb',
    placings: [
      ['rugs', 0, 500, 1060, 920],
      ['chairs', 0, 360, 700, 620],
      ['lamps', 1, 800, 560, 460],
      ['throws', 0, 640, 980, 380, -6],
      ['mugs', 0, 830, 1010, 260],
    ],
    wording: ['a corner to read in', 500, 110, 74, '#3d352a'],
  },
  {
    name: 'sunday',
    by: 'ada',
    title: 'Sunday, the long breakfast',
    words: 'Six people, one table, nothing that matches and everything that goes together.',
    ground: '#d9dfd6',
    placings: [
      ['tableware', 0, 300, 780, 520],
      ['mugs', 1, 720, 820, 400],
      ['vases', 1, 560, 420, 460],
      ['tableware', 2, 660, 1040, 440],
      ['candles', 0, 220, 420, 340],
    ],
    wording: ['Sunday', 500, 120, 110, '#2f3f35'],
  },
  {
    name: 'clay',
    by: 'leila',
    title: 'Clay, linen, one lamp',
    words: 'I took everything away that was not clay or cloth. Then I put one lamp back.',
    ground: '#dcb9a1',
    placings: [
      ['vases', 0, 300, 520, 560],
      ['cushions', 0, 700, 900, 500, 5],
      ['lamps', 3, 720, 325, 520],
      ['planters', 0, 280, 980, 420],
    ],
  },
  {
    name: 'hall',
    by: 'jonas',
    title: 'The hall, finally',
    words: 'A mirror to leave by, a basket for what nobody claims, a clock that is five minutes fast.',
    ground: '#c9d3d8',
    placings: [
      ['mirrors', 0, 420, 420, 620],
      ['storage', 0, 300, 960, 440],
      ['clocks', 0, 800, 320, 340],
      ['shelves', 0, 760, 880, 540],
    ],
  },
  {
    name: 'evening',
    by: 'marit',
    title: 'After ten',
    words: 'Low light only. The lantern is for the balcony, but it never gets that far.',
    ground: '#dcc8b2',
    placings: [
      ['candles', 1, 300, 840, 460],
      ['lamps', 4, 660, 560, 640],
      ['mugs', 2, 640, 1060, 320],
      ['throws', 1, 300, 330, 460, 4],
    ],
    wording: ['after ten', 720, 140, 84, '#4a2f24'],
  },
  {
    name: 'sunday-blue',
    by: 'jonas',
    title: 'Sunday, but blue',
    words: 'Ada’s breakfast with a colder ground and a bigger vase. The candle stays home.',
    ground: '#bccbd6',
    placings: [
      ['tableware', 0, 320, 860, 560],
      ['mugs', 1, 740, 900, 400],
      ['vases', 2, 520, 420, 620],
    ],
    remixOf: 'sunday',
  },
  {
    name: 'sunday-garden',
    by: 'leila',
    title: 'Sunday in the garden',
    words: 'Further out: the same breakfast under the pear tree.',
    ground: '#cdd8b4',
    placings: [
      ['planters', 1, 240, 420, 440],
      ['tableware', 0, 340, 900, 540],
      ['mugs', 0, 740, 920, 380],
      ['candles', 0, 720, 460, 400],
    ],
    wording: ['under the pear tree', 500, 110, 70, '#35401f'],
    remixOf: 'sunday-blue',
  },
];

const lookId = (name: string) => idOf('demo:look', name);

/** A few looks by a few people, of products that the demo has. Repeating it changes nothing. */
export async function demoLooks(deps: Deps, products: readonly DemoProduct[]): Promise<void> {
  const now = deps.now();
  const shelves = Map.groupBy(products, ({ range }) => range.category);
  for (const look of LOOKS) {
    const id = lookId(look.name);
    const email = `${look.by}@stoa.example`;
    const member = { name: PEOPLE[look.by], email, password: `colonnade-${look.by}` };
    const memberId = await seedMember(deps, member);
    const items = look.placings.flatMap(([category, nth, x, y, width, turn = 0], place): LookItem[] => {
      const shelf = shelves.get(category) ?? [];
      const product = shelf[(nth * 7) % Math.max(shelf.length, 1)];
      if (!product) return [];
      const productId = product.record.id;
      return [{ productId, variantId: null, shape: 'cut_out', x, y, width, turn, place }];
    });
    if (items.length === 0) continue;
    const wordings = (look.wording ? [look.wording] : []).map(([words, x, y, size, colour]) => ({
      words,
      x,
      y,
      size,
      colour,
      turn: 0,
      place: 99,
    }));
    const { title, words, ground, remixOf } = look;
    await inTransaction(deps.db, async (tx) => {
      const { rows } = await sql`select from social.piece where id = ${id}`.execute(tx);
      if (rows.length > 0) return;
      await ownProfile(tx, memberId, member.name, now);
      const wish = { title, words, ground, sceneId: null, items, wordings };
      if (remixOf) await remix(tx, { memberId }, { id, sourceId: lookId(remixOf) }, now);
      await saveLook(tx, memberId, id, wish, now);
      await publishLook(tx, memberId, id, 'public', now);
    });
  }
}
