import { rm, stat } from 'node:fs/promises';
import { openStorage } from '#modules/catalog/index.ts';
import { knownCustomerOf } from '#modules/identity/index.ts';
import { csvOf } from '#platform/csv.ts';
import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { rowsOf } from '#read/own/rows.ts';
import { type Sheet, sheetsOf } from '#read/own/sheets.ts';
import {
  ownBoards,
  ownLooks,
  ownMarks,
  ownPins,
  ownPosts,
  ownProfileOf,
  ownReviews,
  ownSayings,
  ownSuggestions,
  ownTies,
} from '#read/own/things.ts';
import {
  boardSaid,
  lookSaid,
  markSaid,
  pinSaid,
  postSaid,
  profileSaid,
  reviewSaid,
  sayingSaid,
  speechOf,
  suggestionSaid,
  tieSaid,
} from './activities.ts';
import { ACTOR, CONTEXT, OUTBOX, outboxPage, PAGE_ITEMS, type Thing } from './folder.ts';
import { readMe } from './read-me.ts';
import { picturesIn } from './pictures-in.ts';
import { writeZip } from './zip.ts';

type Zip = ReturnType<typeof writeZip>;
type Folder = Pick<Deps, 'reads' | 'config' | 'now'>;

/** Writes all of a member's into a zip file, as it is at one moment. Answers how many bytes it has. */
export async function writeFolder(deps: Folder, memberId: string, path: string): Promise<number> {
  const zip = writeZip(path);
  try {
    await deps.reads
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((tx) => fill(deps, tx, zip, memberId));
    await zip.end();
    return (await stat(path)).size;
  } catch (error) {
    await zip.drop();
    await rm(path, { force: true });
    throw error;
  }
}

async function fill({ config, now }: Folder, tx: Db, zip: Zip, memberId: string): Promise<void> {
  const speech = speechOf(config.publicUrl.replace(/\/$/, ''), memberId);
  const { rows } = await ownProfileOf(memberId).execute(tx);
  const [profile] = rows;
  if (!profile) throw new Error(`there is no member ${memberId}`);
  const pictures = new Map<string, string>();
  const keep = (thing: Thing): Thing => {
    for (const { path, stored } of picturesIn(thing)) pictures.set(path, stored);
    return withoutPlaces(thing);
  };
  await zip.put(ACTOR, [json(keep(profileSaid(speech, profile)))]);
  await writeOutbox(zip, activitiesOf(tx, memberId, speech), keep);
  const customerId = await knownCustomerOf(tx, memberId);
  const sheets = sheetsOf({ memberId, customerId });
  for (const sheet of sheets) await zip.put(`tables/${sheet.file}`, linesOf(tx, sheet));
  const about = {
    name: profile.name,
    shop: config.shopName,
    madeAt: now(),
    files: sheets.map(({ file }) => `tables/${file}`),
  };
  await zip.put('README.html', readMe(tx, memberId, about));
  const storage = openStorage(config);
  for (const [path, stored] of pictures) {
    // As it is read: whole ones would wait for the collector by the hundred.
    const bytes = await storage.stream(stored);
    if (bytes) await zip.put(path, bytes);
  }
}

/** Boards first, then what stands on them refers to looks and posts that came before: so they are read in this order. */
async function* activitiesOf(
  tx: Db,
  memberId: string,
  speech: ReturnType<typeof speechOf>,
): AsyncGenerator<Thing> {
  for await (const row of rowsOf(tx, 'boards', ownBoards(memberId))) yield boardSaid(speech, row);
  for await (const row of rowsOf(tx, 'looks', ownLooks(memberId))) yield lookSaid(speech, row);
  for await (const row of rowsOf(tx, 'posts', ownPosts(memberId))) yield postSaid(speech, row);
  for await (const row of rowsOf(tx, 'pins', ownPins(memberId))) yield pinSaid(speech, row);
  for await (const row of rowsOf(tx, 'reviews', ownReviews(memberId))) yield reviewSaid(speech, row);
  for await (const row of rowsOf(tx, 'sayings', ownSayings(memberId))) yield sayingSaid(speech, row);
  for await (const row of rowsOf(tx, 'suggestions', ownSuggestions(memberId)))
    yield suggestionSaid(speech, row);
  for await (const row of rowsOf(tx, 'marks', ownMarks(memberId))) yield markSaid(speech, row);
  for await (const row of rowsOf(tx, 'ties', ownTies(memberId))) yield tieSaid(speech, row);
}

async function writeOutbox(
  zip: Zip,
  activities: AsyncGenerator<Thing>,
  keep: (thing: Thing) => Thing,
): Promise<void> {
  let [pages, total] = [0, 0];
  let waiting: Thing[] = [];
  const write = async (isLast: boolean) => {
    pages++;
    const next = isLast ? {} : { next: outboxPage(pages + 1) };
    const page = { '@context': CONTEXT, type: 'OrderedCollectionPage', partOf: OUTBOX, ...next };
    await zip.put(outboxPage(pages), [json({ ...page, orderedItems: waiting })]);
    waiting = [];
  };
  for await (const activity of activities) {
    if (waiting.length === PAGE_ITEMS) await write(false);
    waiting.push(keep(activity));
    total++;
  }
  await write(true);
  const places = { first: outboxPage(1), last: outboxPage(pages) };
  await zip.put(OUTBOX, [
    json({ '@context': CONTEXT, type: 'OrderedCollection', totalItems: total, ...places }),
  ]);
}

async function* linesOf(tx: Db, { file, columns, statement }: Sheet): AsyncGenerator<string> {
  yield csvOf([columns]);
  const name = file.replace('.csv', '').replaceAll('-', '_');
  for await (const { cells } of rowsOf(tx, `sheet_${name}`, statement))
    yield csvOf([cells.map((cell) => cell ?? '')]);
}

const json = (thing: Thing) => `${JSON.stringify(thing, null, 1)}\n`;

/** Where a picture stands in the storage is nobody's business outside. */
function withoutPlaces(thing: Thing): Thing {
  return JSON.parse(
    JSON.stringify(thing, (key, value: unknown) => (key === 'stored' ? undefined : value)),
  ) as Thing;
}
