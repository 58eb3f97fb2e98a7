import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import sharp from 'sharp';
import { readConfig } from '#platform/config.ts';
import { inTransaction, openDb } from '#platform/db.ts';
import { ARCHIVE_FILE, askIntake } from '../src/modules/archives/index.ts';
import { openStorage } from '../src/modules/catalog/index.ts';
import { ownProfile, setTrust } from '../src/modules/social/index.ts';
import { PAGE_ITEMS, type Thing } from '../src/take-along/folder.ts';
import { writeZip } from '../src/take-along/zip.ts';
import type { ArchiveFigures, ArchiveWork } from './archive-process.ts';
import { atLeast, atMost, type Result } from './result.ts';
import { benchFolder, type Stage, start } from './stage.ts';

const SECRET = 'a secret of the benchmark of archives';
const WHOLE = { boards: 200, pins: 10_000, photos: 500, comments: 1000 };
const IMPORT_SECONDS_MAX = 600;
const EXPORT_SECONDS_MAX = 60;
const MEGABYTES_MAX = 300;
const GROWTH_MAX = 1.5;

type Size = typeof WHOLE;
const parts = ({ boards, pins, photos, comments }: Size, of: number): Size => ({
  boards: boards / of,
  pins: pins / of,
  photos: photos / of,
  comments: comments / of,
});
const thingsOf = ({ boards, pins, comments }: Size) => boards + pins + comments;

const PUBLISHED = '2026-01-02T03:04:05.000Z';
const urn = (kind: number, nth: number) =>
  `urn:uuid:0000000${kind}-0000-4000-8000-${String(nth).padStart(12, '0')}`;
const boardAt = (nth: number) => ({
  type: ['OrderedCollection', 'stoa:Board'],
  id: urn(1, nth),
  published: PUBLISHED,
});
const create = (object: Thing): Thing => ({ type: 'Create', object });

/** Boards, then what stands on them, then what is said of them. */
function* activities({ boards, pins, photos, comments }: Size): Generator<Thing> {
  for (let n = 0; n < boards; n++)
    yield create({ ...boardAt(n), name: `Board ${n}`, 'stoa:visibility': 'public' });
  for (let n = 0; n < pins; n++) {
    const link = { type: 'Page', url: `https://example.com/${n}`, name: `Page ${n}`, summary: 'Of a thing' };
    const photo = { type: 'Image', id: urn(3, n), url: `pictures/photo-${n}.jpg`, name: `Photo ${n}` };
    const object = { type: ['Note', 'stoa:Pin'], id: urn(2, n), published: PUBLISHED, content: `Note ${n}` };
    yield {
      type: 'Add',
      object: { ...object, attachment: [n < photos ? photo : link] },
      target: boardAt(n % boards),
    };
  }
  for (let n = 0; n < comments; n++) {
    const said = { type: ['Note', 'stoa:Comment'], id: urn(4, n), content: `How well that goes with ${n}` };
    yield create({ ...said, published: PUBLISHED, inReplyTo: boardAt(n % boards) });
  }
}

async function writeArchive(path: string, size: Size): Promise<void> {
  const zip = writeZip(path);
  const json = (thing: Thing) => [JSON.stringify(thing)];
  await zip.put('actor.json', json({ type: 'Person' }));
  await zip.put('outbox.json', json({ type: 'OrderedCollection', totalItems: thingsOf(size) }));
  let [page, items] = [0, [] as Thing[]];
  const write = async () => zip.put(`outbox/${++page}.json`, json({ orderedItems: items.splice(0) }));
  for (const activity of activities(size)) if (items.push(activity) === PAGE_ITEMS) await write();
  await write();
  for (let n = 0; n < size.photos; n++) {
    const background = `#${n.toString(16).padStart(6, '0')}`; // no two photos are the same
    const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
    const grain = sharp({ create: { width: 640, height: 800, channels: 3, background, noise } });
    await zip.put(`pictures/photo-${n}.jpg`, [await grain.jpeg({ quality: 80 }).toBuffer()]);
  }
  await zip.end();
}

/** Somebody new whose archive of that size waits to be taken in. */
async function anIntake({ databaseUrl, dataDir }: Stage, size: Size) {
  const config = readConfig({ STOA_DATA: dataDir, STOA_SECRET: SECRET });
  await using db = openDb(databaseUrl, { max: 2 });
  const [memberId, intakeId, key] = [randomUUID(), randomUUID(), randomBytes(32).toString('hex')];
  const folder = await mkdtemp(join(tmpdir(), 'stoa-bench-archive-'));
  try {
    await writeArchive(join(folder, 'a.zip'), size);
    await openStorage(config).putFile(`${key}/${ARCHIVE_FILE}`, join(folder, 'a.zip'), 'application/zip');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await inTransaction(db, async (tx) => {
    await sql`insert into identity.member (id, name, email, email_verified)
      values (${memberId}, 'Somebody', ${`${memberId}@example.com`}, true)`.execute(tx);
    await ownProfile(tx, memberId, 'Somebody', new Date());
    await setTrust(tx, memberId, { level: 3, why: 'Of a benchmark', by: memberId }, new Date());
    await askIntake(tx, memberId, { id: intakeId, key, sight: 'as_it_was' }, new Date());
    // It is done by a process that is watched, not by the server.
    await sql`select graphile_worker.remove_job(${`archives.take_in:${intakeId}`})`.execute(tx);
  });
  return { memberId, intakeId };
}

async function apart(work: ArchiveWork): Promise<ArchiveFigures> {
  const program = join(import.meta.dirname, 'archive-process.ts');
  const tsx = join(import.meta.dirname, '..', 'src/web/tsx.ts');
  const args = ['--max-semi-space-size=16', '--import', tsx, program, JSON.stringify(work)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as ArchiveFigures;
}

/** Taken in and made again, each by a process of its own: how long it takes, what memory, and how both grow. */
export async function archive(): Promise<Result[]> {
  await rm(benchFolder('archive'), { recursive: true, force: true });
  await using stage = await start(benchFolder('archive'), 'off', { STOA_SECRET: SECRET });
  const run = async (size: Size) => {
    const { databaseUrl, clickhouse, dataDir } = stage;
    const { memberId, intakeId } = await anIntake(stage, size);
    const came = await apart({ databaseUrl, clickhouse, dataDir, memberId, intakeId });
    if (came.taken !== thingsOf(size)) throw new Error(`${came.taken} of ${thingsOf(size)} were taken in`);
    return { came, went: await apart({ databaseUrl, clickhouse, dataDir, memberId }) };
  };
  const tenth = await run(parts(WHOLE, 10));
  const whole = await run(WHOLE);
  const what = 'an archive of 10,000 pins, 1,000 comments, 500 photos, 200 boards';
  const figures = (name: string, of: 'came' | 'went', secondsMax: number) => [
    atMost(`${what} ${name}`, whole[of].seconds, secondsMax, 's'),
    atMost(`memory of that, above the process's own`, whole[of].megabytes, MEGABYTES_MAX, 'MB'),
    atMost(
      `time of that for each thing, over a tenth of it`,
      whole[of].seconds / tenth[of].seconds / 10,
      GROWTH_MAX,
      '×',
    ),
    atMost(`memory of that over a tenth of it`, whole[of].megabytes / tenth[of].megabytes, 2, '×'),
  ];
  return [
    ...figures('taken in', 'came', IMPORT_SECONDS_MAX),
    atMost('hours that its comments wait for, of a trusted member', whole.came.hours, 4, 'h'),
    ...figures('made', 'went', EXPORT_SECONDS_MAX),
    atLeast('size of it', whole.went.byteSize / 1_000_000, 1, ' MB'),
  ];
}
