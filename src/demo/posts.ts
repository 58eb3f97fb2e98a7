import type { BulkTx } from '#platform/bulk.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { importCatalog, type PreparedMedia } from '../modules/catalog/index.ts';
import { seedMember } from '../modules/identity/index.ts';
import { draftPost, postList, publishPost, putHotspot } from '../modules/posts/index.ts';
import { changeProfile, ownProfile, react, say, seedPhoto } from '../modules/social/index.ts';
import { drawAll } from './draw-all.ts';
import { picturesFor, type PictureSpec, seeded } from './pictures/index.ts';
import type { DemoProduct } from './products.ts';

interface Author {
  key: string;
  name: string;
  bio: string;
}

/** Members of the demo who post. Nobody signs in as them. */
const AUTHORS: readonly Author[] = [
  {
    key: 'marit',
    name: 'Marit de Boer',
    bio: 'Potter on Sundays. Old house in Deventer, always half painted.',
  },
  { key: 'joris', name: 'Joris Claes', bio: 'Cooks for eight, washes up for eight. Ghent.' },
  { key: 'leila', name: 'Leila Amrani', bio: 'Small flat, big windows. I photograph what the light does.' },
  { key: 'sven', name: 'Sven Lindqvist', bio: 'Carpenter. I notice joints first and colours last.' },
];

/** What they say of a {thing}; each with what somebody answers. */
const SAID: readonly { caption: string; answer: string; isShared: boolean }[] = [
  {
    caption:
      'Moved the {thing} three times this week and this is where it stays. In the morning the sun comes round at nine and for ten minutes the whole corner glows.\n\n#morninglight #home',
    answer: 'That corner! What is the paint behind it?',
    isShared: true,
  },
  {
    caption:
      'Set for Sunday. Nothing matches and everything goes together, which is how my grandmother did it too. The {thing} is new, the rest has been with us for years.\n\n#sundaytable #homecooking',
    answer: 'Your grandmother had taste. So do you.',
    isShared: true,
  },
  {
    caption:
      'A year of daily use later: one small scratch, and I like the {thing} better for it. Buy things that may grow old.\n\n#wornwell #home',
    answer: 'Same here, ours has a story for every mark.',
    isShared: true,
  },
  {
    caption:
      'Rented flat, white walls, no nails allowed. It turns out that you can get quite far with one {thing} and a lamp in the right place. #smallspaces #rented',
    answer: 'Saved this for my sister, who is about to move.',
    isShared: true,
  },
  {
    caption:
      'I was not sure about the colour on the screen. In daylight the {thing} is quieter, in the evening warmer. Photographed at five, no filter. #colour #home',
    answer: 'Thank you, that is exactly what I wanted to know.',
    isShared: true,
  },
  {
    caption: 'Just for us, but too good not to keep: the table before everybody came. #sundaytable',
    answer: 'And after?',
    isShared: false,
  },
];

const DAY = 86_400_000;
/** Of so many photos each fifth post tells at once what others tell in as many posts. */
const SEVERAL = { each: 5, photos: 3 };

/** Posts with photos of their own, in which products are marked, and a word or two below each. */
export async function demoPosts(
  deps: Deps,
  run: (write: (tx: BulkTx) => Promise<void>) => Promise<void>,
  products: readonly DemoProduct[],
  { until, pictureScale, posts }: { until: string; pictureScale: number; posts: number },
): Promise<void> {
  const members = await authors(deps);
  const [first = ''] = members;
  // All or none: a load that was cut short, or comes again on another day, makes no second ones.
  if ((await postList(deps.db, first, { memberId: first }, { max: 1 })).posts.length > 0) return;
  const random = seeded('posts');
  const chosen = random.shuffle(products).slice(0, posts);
  const scenes = new Map<string, { spec: PictureSpec; alt: string }>();
  for (const { record, pictured } of chosen) {
    const scene = picturesFor(pictured).find(({ spec }) => spec.view === 'scene');
    if (scene?.spec.view !== 'scene') continue;
    // Another room than the product's own picture shows.
    const spec = { ...scene.spec, seed: `${scene.spec.seed} at home` };
    scenes.set(record.id, { spec, alt: scene.alt.replace(/, with other.*$/, '') });
  }
  const drawn = await drawAll(deps, new Map([...scenes].map(([id, { spec }]) => [id, spec])), pictureScale);
  await run((tx) => importCatalog(tx, { source: 'demo', media: drawn.values() }));
  const end = new Date(`${until}T18:00:00Z`).getTime();
  await inTransaction(deps.db, async (tx) => {
    const photographed = chosen.flatMap(({ record, range }) => {
      const [media, scene] = [drawn.get(record.id), scenes.get(record.id)];
      return media && scene ? [{ media, alt: scene.alt, productId: record.id, noun: range.noun }] : [];
    });
    for (const [nth, [first, ...more]] of severalAtTimes(photographed).entries()) {
      const [author, words] = [members[nth % members.length], SAID[nth % SAID.length]];
      if (!first || !author || !words) continue;
      const at = new Date(end - (posts - nth) * DAY - random.int(0, 36_000) * 1000);
      const post = { photos: [first, ...more], at, nth };
      const id = await onePost(tx, author, post, { ...words, thing: first.noun.toLowerCase() });
      await talk(tx, id, members, post, words.answer);
    }
  });
}

/** One in each post, and now and then several. */
function severalAtTimes<Photo>(photos: readonly Photo[]): Photo[][] {
  const posts: Photo[][] = [];
  let at = 0;
  while (at < photos.length) {
    const count = posts.length % SEVERAL.each === 1 ? SEVERAL.photos : 1;
    posts.push(photos.slice(at, at + count));
    at += count;
  }
  return posts;
}

async function authors(deps: Deps): Promise<string[]> {
  const members: string[] = [];
  for (const { key, name, bio } of AUTHORS) {
    const password = idOf('demo:password', `${key} ${deps.config.secret}`);
    const memberId = await seedMember(deps, { name, email: `${key}@stoa.example`, password });
    await inTransaction(deps.db, async (tx) => {
      const { handle } = await ownProfile(tx, memberId, name, deps.now());
      // Who changed it since keeps what they chose.
      if (handle !== key) await changeProfile(tx, memberId, { handle: key, name, bio, photoId: null });
    });
    members.push(memberId);
  }
  return members;
}

interface Shown {
  photos: { media: PreparedMedia; alt: string; productId: string }[];
  at: Date;
  nth: number;
}

async function onePost(
  tx: Tx,
  memberId: string,
  { photos, at }: Shown,
  words: { caption: string; isShared: boolean; thing: string },
): Promise<string> {
  const id = idOf('demo:post', photos[0]?.productId ?? '', at.getTime());
  const marked = photos.map((photo) => ({
    ...photo,
    photoId: idOf('demo:photo', photo.productId, at.getTime()),
  }));
  for (const { photoId, media, alt } of marked) {
    // Before the galleries, which take minutes: a photo of a member's shows once all its files are made.
    await addJob(tx, 'catalog.make_renditions', { mediaId: media.id }, media.id, { isSlow: true });
    await seedPhoto(tx, { id: photoId, ownerId: memberId, alt }, media.id, at);
  }
  const caption = words.caption.replaceAll('{thing}', words.thing);
  const wish = { caption, isShared: words.isShared, visibility: 'public' as const };
  const photoIds = marked.map(({ photoId }) => photoId);
  await draftPost(tx, memberId, id, { ...wish, photoIds }, at);
  for (const { photoId, productId } of marked)
    await putHotspot(tx, id, photoId, { productId, x: 500, y: 620 });
  await publishPost(tx, memberId, id, {}, at);
  return id;
}

/** Others answer and react. */
async function talk(
  tx: Tx,
  subjectId: string,
  members: readonly string[],
  { at, nth }: Shown,
  body: string,
): Promise<void> {
  const others = members.filter((_, place) => place !== nth % members.length);
  const later = new Date(at.getTime() + 3_600_000);
  const [first = ''] = others;
  const id = idOf('demo:post-comment', subjectId, later.getTime());
  await say(tx, { memberId: first }, { id, subjectId, body }, later);
  for (const memberId of others.slice(0, 1 + (nth % 3)))
    await react(tx, { memberId }, subjectId, nth % 2 === 0 ? 'heart' : 'idea', later);
}
