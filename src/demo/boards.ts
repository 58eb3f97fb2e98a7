import { sql } from 'kysely';
import {
  addPin,
  answerSuggestion,
  makeBoard,
  putSection,
  suggest,
  takeSuggestions,
} from '../modules/boards/index.ts';
import { seedMember } from '../modules/identity/index.ts';
import { changeProfile, invite, join, ownProfile, say } from '../modules/social/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import type { DemoProduct } from './products.ts';

const PEOPLE = {
  ada: { name: 'Ada Verhoeven', bio: 'Moving house one room at a time.' },
  bram: { name: 'Bram Okafor', bio: 'Cooks for six, owns plates for four.' },
  lien: { name: 'Lien Duarte', bio: 'Textiles, mostly. Sometimes chairs.' },
} as const;
type Who = keyof typeof PEOPLE;

interface DemoBoard {
  key: string;
  owner: Who;
  name: string;
  description: string;
  sections: readonly string[];
  /** What it is called in the catalogue, the place of its section, and a note. */
  pins: readonly (readonly [noun: string, section: number | null, note: string])[];
}

const BOARDS: readonly DemoBoard[] = [
  {
    key: 'kitchen',
    owner: 'ada',
    name: 'Kitchen, slowly',
    description: 'One good thing a month. The walls stay white until spring.',
    sections: ['On the shelf', 'Light'],
    pins: [
      ['jug', 0, 'Holds the wooden spoons until there is a drawer.'],
      ['tumbler', 0, ''],
      ['lidded jar', 0, 'Flour in the large one, salt in the small one.'],
      ['serving board', 0, ''],
      ['dome pendant', 1, 'Over the table, low enough to hide the bulb.'],
      ['mug', 0, 'Six, not four. I counted wrong last time.'],
      ['tea towel', null, ''],
      ['nesting bowls', 0, ''],
      ['kitchen clock', null, 'Because the oven’s is always an hour off.'],
      ['stoppered bottle', 0, 'For the good oil.'],
      ['bottle vase', null, ''],
      ['fruit bowl', null, 'It has to fit a melon.'],
    ],
  },
  {
    key: 'table',
    owner: 'bram',
    name: 'A table for six',
    description: 'For Sundays. Everything may be passed around.',
    sections: [],
    pins: [
      ['plate', null, 'Two more and we match.'],
      ['bowl', null, ''],
      ['carafe', null, 'Pours without a drip, I tried it in the store.'],
      ['water glass', null, ''],
      ['candlestick', null, 'Three heights side by side.'],
      ['bench', null, 'Seats the children, and the coats.'],
      ['moon vase', null, ''],
      ['tray', null, ''],
      ['tea-light holder', null, ''],
    ],
  },
  {
    key: 'reading',
    owner: 'lien',
    name: 'Corner to read in',
    description: 'North light, a cold floor, one good chair.',
    sections: ['Sit', 'Feet', 'Light'],
    pins: [
      ['armchair', 0, 'Sat in it for half an hour and nobody minded.'],
      ['throw', 0, ''],
      ['pouf', 1, ''],
      ['hall runner', 1, 'Too long? It would go under the shelf.'],
      ['reading lamp', 2, 'Dims far enough for the last chapter.'],
      ['side table', 0, 'Room for a cup and two books.'],
      ['cushion', 0, ''],
      ['belly basket', null, 'For what I am not reading.'],
      ['wall shelf', null, ''],
      ['striped throw', 0, ''],
    ],
  },
];

/** People with boards: what they gathered, what they suggested to each other, and what they said. */
export async function demoBoards(deps: Deps, products: readonly DemoProduct[]): Promise<void> {
  const memberIds = {} as Record<Who, string>;
  for (const who of Object.keys(PEOPLE) as Who[]) {
    const { name } = PEOPLE[who];
    memberIds[who] = await seedMember(deps, {
      name,
      email: `${who}@stoa.example`,
      password: `colonnade-${who}`,
    });
  }
  const byNoun = Map.groupBy(products, ({ range }) => range.noun);
  const now = deps.now();
  await inTransaction(deps.db, async (tx) => {
    if (await isThere(tx)) return;
    for (const who of Object.keys(PEOPLE) as Who[]) await showThemselves(tx, who, memberIds[who], now);
    for (const board of BOARDS) await fill(tx, board, memberIds[board.owner], byNoun, now);
    await together(tx, memberIds, byNoun, now);
  });
}

/** All or nothing is there; what people changed or deleted since stays so. */
async function isThere(tx: Tx): Promise<boolean> {
  const { rows } = await sql`select from social.piece where id = ${idOf('demo:board', 'kitchen')}`.execute(
    tx,
  );
  return rows.length > 0;
}

async function showThemselves(tx: Tx, who: Who, memberId: string, now: Date): Promise<void> {
  const { name, bio } = PEOPLE[who];
  const known = await ownProfile(tx, memberId, name, now);
  if (known.bio === '') await changeProfile(tx, memberId, { handle: who, name, bio, photoId: null });
}

type ByNoun = ReadonlyMap<string, readonly DemoProduct[]>;

/** Another of the series for each board, so that two do not show the same. A small shop has not everything. */
function productOf(byNoun: ByNoun, noun: string, key: string): string | undefined {
  const found = byNoun.get(noun) ?? [];
  return found[key.length % (found.length || 1)]?.record.id;
}

async function fill(tx: Tx, board: DemoBoard, ownerId: string, byNoun: ByNoun, now: Date): Promise<void> {
  const { key, name, description, sections, pins } = board;
  const boardId = idOf('demo:board', key);
  await makeBoard(tx, ownerId, boardId, { name, description, visibility: 'public' }, now);
  const sectionIds = sections.map((section) => idOf('demo:section', `${key} ${section}`));
  for (const [place, section] of sections.entries())
    await putSection(tx, { memberId: ownerId }, { id: sectionIds[place] ?? '', boardId, name: section }, now);
  for (const [noun, section, note] of pins.toReversed()) {
    const productId = productOf(byNoun, noun, key);
    if (!productId) continue;
    const sectionId = section === null ? null : (sectionIds[section] ?? null);
    const thing = { kind: 'product', productId } as const;
    const id = idOf('demo:pin', `${key} ${noun}`);
    await addPin(tx, { memberId: ownerId }, { id, boardId, sectionId, note, thing }, now);
  }
}

/** Lien makes the kitchen's board with Ada, who asks for suggestions; Bram has two. */
async function together(tx: Tx, memberIds: Record<Who, string>, byNoun: ByNoun, now: Date): Promise<void> {
  const { ada, bram, lien } = memberIds;
  const boardId = idOf('demo:board', 'kitchen');
  await takeSuggestions(tx, ada, boardId, 'anyone');
  await invite(tx, ada, { pieceId: boardId, handle: 'lien', role: 'editor' }, now);
  await join(tx, lien, boardId, now);
  const ideas = [
    ['teapot', 'It stays hot through the whole paper, and the spout does not drip.'],
    ['wall clock', 'Quieter than the one you saved. I have slept in the same room.'],
  ] as const;
  for (const [noun, reason] of ideas) {
    const productId = productOf(byNoun, noun, 'kitchen');
    const id = idOf('demo:suggestion', noun);
    if (productId)
      await suggest(
        tx,
        { memberId: bram },
        { id, boardId, reason, thing: { kind: 'product', productId } },
        now,
      );
    if (productId && noun === 'teapot')
      await answerSuggestion(
        tx,
        ada,
        id,
        { answer: 'accepted', pinId: idOf('demo:pin', `kitchen ${noun}`) },
        now,
      );
  }
  const said = [
    [lien, 'The jug, yes. It was on my list too until I saw it on yours.'],
    [bram, 'If the pendant hangs at 70 cm you can still see who sits across.'],
  ] as const;
  for (const [memberId, body] of said)
    await say(tx, { memberId }, { id: idOf('demo:said', body), subjectId: boardId, body }, now);
}
