import type { BulkTx } from '#platform/bulk.ts';
import { idOf, newId } from '#platform/ids.ts';
import { type RecordedBoard, recordBoards } from '../modules/boards/index.ts';
import { notify, recordPeople, type RecordedTalk, recordTalk, seeNotices } from '../modules/social/index.ts';
import type { DemoMedia } from './media.ts';
import { DEMO_PEOPLE } from './people.ts';
import { type Random, seeded } from './pictures/index.ts';
import type { DemoProduct } from './products.ts';

/** Whose | name | what it says | its sections, each with the categories whose products stand in it. */
const TABLE = `
ada | Kitchen | What I reach for every day, and what I would if I had it. | Every day: mugs tableware; Shelves: storage; Sundays: tableware throws
ada | Vases without flowers | Shapes that need nothing in them. | vases
ada | Reading corner | One chair, one lamp, no telephone. | Sit: chairs cushions; Light: lamps; Warm: throws
ada | Presents for Mum | Turns seventy in March. | candles vases throws mugs
bram | The long table | Twelve seats on a good day. | Chairs: chairs; On it: tableware mugs; Above it: lamps
bram | Survives children | Tested with jam. | tableware storage rugs mugs
carmen | Sunday for eight | Big bowls in the middle, everyone reaches. | Serve: tableware; Drink: mugs; Afterwards: candles
carmen | Bowls I do not need | But look at them. | tableware
elif | Project Noord: living room | Client likes oak, hates grey. | Seats: chairs tables; Light: lamps; Floor: rugs; Walls: mirrors shelves
elif | Warm light | Below 3000 K or not at all. | lamps candles
elif | Hallways | The first three seconds of a house. | mirrors storage rugs clocks
femke | 41 square metres | Two uses each, or out. | Fold and stack: storage chairs; Hang: shelves mirrors lamps; Soft: cushions throws
femke | On deck | For the four warm weeks. | planters candles cushions
giulia | Glazes | Studying the runs, not the pots. | vases tableware mugs
giulia | Hands made this | Seen with a thumbprint somewhere. | mugs vases storage
hannah | Slow mornings | Eight o’clock, grey light, first cup. | The cup: mugs; The bench: chairs cushions; The blanket: throws
hannah | Wool, only wool | Undyed if possible. | throws rugs cushions
idris | Lamps worth saving | Good bones. | lamps
idris | Workshop wall | Things with a hook of their own. | shelves storage clocks
jasper | First flat | In order of urgency. | Now: chairs mugs; Next month: lamps tableware; One day: rugs mirrors
jasper | Plants I have not killed yet | And what they live in. | planters
katrin | Paper and linen | Quiet things. | throws lamps cushions
katrin | Desk by the window | Where the binding happens. | Work: tables chairs; See: lamps; Keep: storage
lotte | Pots on every sill | South side only. | planters vases
lotte | Garden table | From May on. | tableware candles mugs
mehmet | Tea in glasses | And what it stands on. | mugs tableware tables
mehmet | Low seats | The closer to the floor, the longer one stays. | chairs cushions rugs
nora | Best of the month | What I would write about if I had the pages. | Seen: vases lamps; Sat on: chairs; Slept under: throws
nora | Rooms with one idea | Collected for a series. | mirrors rugs lamps vases
oscar | Joints | Look underneath. | chairs tables shelves
petra | Cabin | Wood stove, no signal. | Warm: throws rugs; Light: candles lamps; Wood: storage chairs
quentin | Everything terracotta | One room, one colour. | vases cushions planters tableware
rosa | Nursery | Round corners, soft light. | Sleep: throws cushions; Tidy: storage; Light: lamps
sander | Café | Must stack, must survive, must not shout. | Cups: mugs; Plates: tableware; Chairs: chairs; Light: lamps
tilda | Blue | | vases mugs tableware cushions
tilda | Nearly blue | Argue with me. | throws rugs lamps
vera | Act one: living room | The set changes with the seasons. | mirrors lamps rugs vases
willem | Baskets | Mended and to be mended. | storage planters
yara | Balcony, 3 by 1 | Everything must fit through the window. | planters chairs candles
zeynep | Tables to photograph | Morning light, from the left. | tableware vases throws
hugo | Old house in Ghent | Room by room, wall by wall. | Hall: mirrors clocks rugs; Kitchen: tableware storage; Study: shelves tables lamps
`;

const NOTES: Record<string, readonly string[]> = {
  mugs: [
    'Fits two fingers and a thumb.',
    'Four of these, no saucers.',
    'The one that is always dirty because I always use it.',
  ],
  tableware: ['For the lentils.', 'Would look good chipped, too.', 'Wide enough to toss a salad in.'],
  storage: [
    'Under the stairs?',
    'For everything that has no place.',
    'The lid closes. That is rarer than you think.',
  ],
  lamps: [
    'Saw this lit in the store: warmer than the picture.',
    'Needs a dimmer.',
    'Exactly the height of the armrest.',
  ],
  candles: ['Three in a row on the sill.', 'For November.'],
  chairs: ['Sat in it for an hour. Still yes.', 'Two, not four.', 'Measure the door first!'],
  tables: ['Just wide enough for a tray.', 'The edge is softer than it looks.'],
  shelves: ['Left of the chimney.', 'Carries more than it should.'],
  cushions: ['This one, in the other colour.', 'Washable, I asked.'],
  throws: [
    'Smells of sheep for a day, then of home.',
    'Over the end of the bed.',
    'Heavier than expected, in a good way.',
  ],
  rugs: ['The smaller size will do.', 'Hides crumbs. Important.'],
  vases: ['Empty. Or one branch.', 'Next to the window, where the light goes through.', 'That neck!'],
  planters: ['For the fig.', 'Has a hole, unlike the pretty ones.'],
  mirrors: ['Opposite the window, never opposite the door.', 'Smaller than I thought: two?'],
  clocks: ['Silent, they say. We shall see.'],
};

const SAID = [
  'Have you seen it in daylight? I am between this and the darker one.',
  'This is exactly what my hall needs. Saved!',
  'We have had ours for two years and it only got better.',
  'Would you still choose it with a cat in the house?',
  'I love how these go together.',
  'The last one is my favourite by far.',
  'Bold. I would never dare, and now I want to.',
  'Where would you put it if not by the window?',
  'Thank you for this, I have been looking for weeks.',
  'Mine arrived yesterday. The colour is right on.',
  'Try it with linen, it calms the whole thing down.',
  'A bit low for a tall person, otherwise perfect.',
  'Your boards are dangerous for my savings.',
  'Could you measure the depth for me, when you have a moment?',
  'Yes to all of this.',
  'I would leave the second one out, but who am I.',
];
const REACTIONS = ['heart', 'heart', 'heart', 'clap', 'wow', 'idea'] as const;
const DAY = 86_400_000;
/** So many of the shopper's notices are new when the demo opens. */
const UNSEEN = 5;
const PINS = { min: 7, max: 15 };

interface DemoTalkers {
  members: ReadonlyMap<string, string>;
  products: readonly DemoProduct[];
  media: DemoMedia;
  /** The moment that it all has happened by. */
  until: Date;
}

/** The demo's people, their boards, and what they say of them. What is there already stays. */
export async function talkOfTheDemo(bulk: BulkTx, demo: DemoTalkers): Promise<void> {
  const { members, media, until } = demo;
  const people = DEMO_PEOPLE.map(({ face: _face, ...person }, nth) => ({
    ...person,
    ...media.ofPerson(person.handle),
    memberId: members.get(person.handle) ?? '',
    madeAt: new Date(until.getTime() - (200 + nth) * DAY),
  }));
  await recordPeople(bulk, people, follows(members, until));
  const boards = TABLE.trim()
    .split('\n')
    .map((line, nth) => boardOf(line, nth, demo));
  const trailed = withTrails(boards);
  if (!(await recordBoards(bulk, trailed))) return;
  const said = talk(trailed, members, until);
  await recordTalk(bulk, said);
  await tellOne(bulk, members.get('ada') ?? '', trailed, said);
}

/** Whoever signs in to the demo as the shopper finds what happened around her. */
async function tellOne(
  { tx }: BulkTx,
  memberId: string,
  boards: readonly RecordedBoard[],
  said: RecordedTalk,
): Promise<void> {
  const own = boards.filter(({ ownerId }) => ownerId === memberId);
  const pins = new Set(own.flatMap(({ pins: of }) => of.map(({ id }) => id)));
  const subjects = new Set([...own.map(({ id }) => id), ...pins]);
  const notices = [
    ...said.comments
      .filter(({ subjectId }) => subjects.has(subjectId))
      .map(({ id: pieceId, subjectId, authorId: actorId, at }) => ({
        told: { kind: 'commented' as const, actorId, pieceId, data: { subjectId } },
        at,
      })),
    ...said.reactions
      .filter(({ pieceId }) => subjects.has(pieceId))
      .map(({ pieceId, memberId: actorId, at }) => ({
        told: { kind: 'reacted' as const, actorId, pieceId },
        at,
      })),
    ...boards
      .flatMap(({ pins: of }) => of)
      .filter(({ savedFrom }) => savedFrom !== undefined && pins.has(savedFrom))
      .map(({ id: pieceId, ownerId: actorId, addedAt: at }) => ({
        told: { kind: 'saved' as const, actorId, pieceId },
        at,
      })),
  ];
  const latest = notices.sort((one, other) => +other.at - +one.at).slice(0, 24);
  for (const { told, at } of latest) await notify(tx, { memberId, ...told }, at);
  const seenThrough = latest[UNSEEN]?.at;
  if (seenThrough) await seeNotices(tx, memberId, newId(+seenThrough + 1), seenThrough);
}

/** Everybody follows some, and those of whom there is most to see are followed most. */
function follows(members: ReadonlyMap<string, string>, until: Date) {
  const random = seeded('follows');
  const handles = [...members.keys()];
  return handles.flatMap((handle) => {
    const liked = random.shuffle(handles.filter((other) => other !== handle)).slice(0, random.int(3, 7));
    if (handle !== 'ada' && random.chance(0.5)) liked.push('ada');
    if (handle !== 'nora' && random.chance(0.6)) liked.push('nora');
    return [...new Set(liked)].map((other) => ({
      followerId: members.get(handle) ?? '',
      targetId: members.get(other) ?? '',
      since: new Date(until.getTime() - Math.round(random.between(5, 180) * DAY)),
    }));
  });
}

function boardOf(line: string, nth: number, { members, products, until }: DemoTalkers): RecordedBoard {
  const [handle = '', name = '', description = '', parts = ''] = line.split('|').map((part) => part.trim());
  const random = seeded(`board ${handle} ${name}`);
  const ownerId = members.get(handle) ?? '';
  const madeAt = new Date(until.getTime() - Math.round(random.between(20, 150) * DAY));
  const key = `${handle} ${name}`;
  const sections = parts.includes(':')
    ? parts.split(';').map((part) => {
        const [title = '', categories = ''] = part.split(':').map((each) => each.trim());
        return {
          id: idOf('demo:section', `${key} ${title}`),
          name: title,
          categories: categories.split(' '),
        };
      })
    : [];
  const wanted = sections.length > 0 ? sections : [{ id: undefined, categories: parts.split(' ') }];
  const each = Math.ceil(random.int(PINS.min, PINS.max) / wanted.length);
  const seen = new Set<string>();
  const found = wanted.flatMap(({ id, categories }) =>
    chosen(products, categories, each, random, seen).map((product) => ({ product, sectionId: id })),
  );
  const pins = found.map(({ product, sectionId }, place) => {
    // The last that was put there stands first.
    const share = (found.length - place) / (found.length + 1);
    const addedAt = new Date(madeAt.getTime() + (until.getTime() - madeAt.getTime()) * share ** 1.4 * 0.98);
    return {
      id: idOf('demo:pin', `${key} ${product.record.id}`, addedAt.getTime()),
      ownerId,
      ...(sectionId !== undefined && { sectionId }),
      productId: product.record.id,
      note: random.chance(0.4) ? random.pick(NOTES[product.range.category] ?? ['']) : '',
      addedAt,
    };
  });
  const changedAt = pins[0]?.addedAt ?? madeAt;
  const id = idOf('demo:board', `${nth} ${key}`, madeAt.getTime());
  return { id, ownerId, name, description, sections, pins, madeAt, changedAt };
}

/** Some products of the categories, those that sell well more often; no category alone. */
function chosen(
  products: readonly DemoProduct[],
  categories: readonly string[],
  count: number,
  random: Random,
  seen: Set<string>,
): DemoProduct[] {
  const fitting = products.filter(
    ({ range, record }) => categories.includes(range.category) && !seen.has(record.id),
  );
  const drawn = fitting
    .map((product) => ({ product, rank: random.next() ** (1 / (product.appeal + 0.2)) }))
    .sort((one, other) => other.rank - one.rank)
    .slice(0, count)
    .map(({ product }) => product);
  for (const { record } of drawn) seen.add(record.id);
  return random.shuffle(drawn);
}

/** Of a thing that stands on several boards, some say where they found it. */
function withTrails(boards: readonly RecordedBoard[]): RecordedBoard[] {
  const random = seeded('trails');
  const first = new Map<string, { id: string; ownerId: string; addedAt: Date }>();
  const inTime = boards.flatMap(({ pins }) => pins).sort((one, other) => +one.addedAt - +other.addedAt);
  const from = new Map<string, string>();
  for (const pin of inTime) {
    const source = first.get(pin.productId);
    if (!source) first.set(pin.productId, pin);
    else if (source.ownerId !== pin.ownerId && random.chance(0.5)) from.set(pin.id, source.id);
  }
  return boards.map((board) => ({
    ...board,
    pins: board.pins.map((pin) => {
      const savedFrom = from.get(pin.id);
      return savedFrom === undefined ? pin : { ...pin, savedFrom };
    }),
  }));
}

function talk(
  boards: readonly RecordedBoard[],
  members: ReadonlyMap<string, string>,
  until: Date,
): RecordedTalk {
  const random = seeded('talk');
  const all = [...members.values()];
  const comments: RecordedTalk['comments'][number][] = [];
  const reactions: RecordedTalk['reactions'][number][] = [];
  for (const board of boards) {
    const others = all.filter((id) => id !== board.ownerId);
    const subjects = [
      { id: board.id, at: board.madeAt },
      ...board.pins.map(({ id, addedAt: at }) => ({ id, at })),
    ];
    for (const { id, at } of subjects) {
      const isBoard = id === board.id;
      const later = () => new Date(+at + (+until - +at) * random.between(0.02, 0.95));
      for (const memberId of random.shuffle(others).slice(0, random.int(0, isBoard ? 9 : 4)))
        reactions.push({ pieceId: id, memberId, kind: random.pick(REACTIONS), at: later() });
      if (!random.chance(isBoard ? 0.6 : 0.08)) continue;
      const when = later();
      comments.push({
        id: idOf('demo:comment', id, +when),
        subjectId: id,
        rootId: board.id,
        authorId: random.pick(others),
        body: random.pick(SAID),
        at: when,
      });
    }
  }
  return { comments, reactions };
}
