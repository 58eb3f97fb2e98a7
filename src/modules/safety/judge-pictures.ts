import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { smallMedia } from '#modules/catalog/index.ts';
import { mediaOfPhotos, profilePhotoOf } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { CHECK_URGENCY, raise } from './concerns.ts';
import { contentsOf } from './contents.ts';
import { askJudge, type Label, type PictureJudge, reaching } from './picture-judge.ts';
import { noteSignal } from './signals.ts';
import { moveOne } from './states.ts';

export const JUDGE_PICTURES = 'safety.judge_pictures';
/** In one run of the job; the rest is the next minute's. */
const TASKS_MAX = 100;
const PICTURES_MAX = 20;
/** About a day in all: whoever has the service down for longer judges what came meanwhile by hand. */
export const TRIES_MAX = 12;
const PAUSE_MINUTES_MAX = 360;
const MINUTE_MS = 60_000;
/** Who claimed a task and died leaves it to others after this. */
const LEASE_MS = 10 * MINUTE_MS;

type Reach = Pick<Deps, 'db' | 'config' | 'now'>;
type Kind = 'piece' | 'profile';

interface Task {
  subjectId: string;
  kind: Kind;
  tries: number;
  leasedUntil: Date;
}

/** Somebody's photo, or what was drawn of a look. */
type Shown = { photoId: string; mediaId: string } | { lookId: string; mediaId: string };

interface Seen {
  shown: Shown;
  digest: Buffer;
  labels: Label[];
}

/** Has the pictures of something looked at. What waits already waits no longer, and has all its tries again. */
export async function queuePictures(tx: Tx, subjectId: string, kind: Kind): Promise<void> {
  await sql`
    insert into safety.picture_task (subject_id, kind) values (${subjectId}, ${kind})
    on conflict (subject_id) do update set due_at = excluded.due_at, tries = 0`.execute(tx);
  await addJob(tx, JUDGE_PICTURES, {}, 'all');
}

/**
 * Job, each minute and when something came. One picture after the other; when the service is away the run ends, so that it
 * costs a worker one timeout a minute at most, and nobody waits for it.
 */
export async function judgePictures(deps: Reach): Promise<void> {
  const { db, config, now } = deps;
  if (!config.pictureJudge) {
    await sql`delete from safety.picture_task`.execute(db);
    return;
  }
  for (let done = 0; done < TASKS_MAX; done++) {
    const task = await claim(db, now());
    if (!task) return;
    const end = await judgeTask(deps, config.pictureJudge, task);
    await settle(db, task, end === 'judged' || task.tries >= TRIES_MAX, now());
    if (end === 'away') return;
  }
}

async function claim(db: Db, now: Date): Promise<Task | undefined> {
  const leasedUntil = new Date(now.getTime() + LEASE_MS);
  const { rows } = await sql<Omit<Task, 'leasedUntil'>>`
    update safety.picture_task set due_at = ${leasedUntil}, tries = tries + 1
    where subject_id = (select subject_id from safety.picture_task where due_at <= ${now}
      order by due_at, subject_id limit 1 for update skip locked)
    returning subject_id as "subjectId", kind, tries`.execute(db);
  return rows[0] && { ...rows[0], leasedUntil };
}

/** What was queued anew meanwhile is left as it was queued. */
async function settle(db: Db, task: Task, isDone: boolean, now: Date): Promise<void> {
  const { subjectId, leasedUntil, tries } = task;
  const minutes = Math.min(2 ** (tries - 1), PAUSE_MINUTES_MAX);
  const dueAt = new Date(now.getTime() + minutes * MINUTE_MS);
  const isOurs = sql`where subject_id = ${subjectId} and due_at = ${leasedUntil}`;
  await (
    isDone
      ? sql`delete from safety.picture_task ${isOurs}`
      : sql`update safety.picture_task set due_at = ${dueAt} ${isOurs}`
  ).execute(db);
}

/** `waits`: a picture is still being made. What is known by then is acted on, whatever comes of the rest. */
async function judgeTask(
  deps: Reach,
  judge: PictureJudge,
  { subjectId, kind }: Task,
): Promise<'judged' | 'waits' | 'away'> {
  const pictures = await (kind === 'piece' ? picturesShown : pictureOfProfile)(deps.db, subjectId);
  const seen: Seen[] = [];
  let end: 'judged' | 'waits' | 'away' = 'judged';
  for (const shown of pictures.slice(0, PICTURES_MAX)) {
    const bytes = await smallMedia(deps, shown.mediaId);
    if (bytes === 'pending') end = 'waits';
    if (bytes === 'pending' || bytes === undefined) continue;
    const digest = createHash('sha256').update(bytes).digest();
    const labels = await verdictOn(deps, judge, { bytes, digest });
    if (labels === 'away') {
      end = 'away';
      break;
    }
    seen.push({ shown, digest, labels });
  }
  if (seen.length > 0)
    await inTransaction(deps.db, (tx) => note(tx, judge, subjectId, kind, seen, deps.now()));
  return end;
}

/** Only what others may see is sent outside. */
async function picturesShown(db: Db, pieceId: string): Promise<Shown[]> {
  const { rows } = await sql<{ id: string; kind: string }>`
    select piece.id, piece.kind from social.piece join social.piece as root on root.id = piece.root_id
    where piece.id = ${pieceId} and piece.state = 'live' and root.state = 'live' and root.visibility <> 'secret'`.execute(
    db,
  );
  const content = (await contentsOf(db, rows)).get(pieceId);
  if (!content) return [];
  const photos = await mediaOfPhotos(db, content.photoIds);
  return content.mediaId === null ? photos : [...photos, { lookId: pieceId, mediaId: content.mediaId }];
}

async function pictureOfProfile(db: Db, memberId: string): Promise<Shown[]> {
  const photoId = await profilePhotoOf(db, memberId);
  return photoId === null ? [] : mediaOfPhotos(db, [photoId]);
}

async function verdictOn(
  { db, now }: Reach,
  judge: PictureJudge,
  picture: { bytes: Uint8Array; digest: Buffer },
): Promise<Label[] | 'away'> {
  const { rows } = await sql<{ labels: Label[] }>`
    select labels from safety.picture_verdict where digest = ${picture.digest}`.execute(db);
  if (rows[0]) return rows[0].labels;
  const answer = await askJudge(judge, picture);
  if (answer === 'away') return 'away';
  const labels = answer === 'refused' ? [] : answer;
  await sql`
    insert into safety.picture_verdict (digest, labels, is_refused, judged_at)
    values (${picture.digest}, ${JSON.stringify(labels)}::jsonb, ${answer === 'refused'}, ${now()})
    on conflict do nothing`.execute(db);
  return labels;
}

/** Puts what shows them before a moderator, once for each picture; held back until then where a label says so. */
async function note(
  tx: Tx,
  { queueAt, holdAt }: PictureJudge,
  subjectId: string,
  kind: Kind,
  seen: readonly Seen[],
  now: Date,
): Promise<void> {
  const { rows: fresh } = await sql<{ digest: Buffer }>`
    insert into safety.picture_seen (subject_id, digest)
    select ${subjectId}::uuid, digest from unnest(${seen.map(({ digest }) => digest)}::bytea[]) as t (digest)
    order by digest on conflict do nothing returning digest`.execute(tx);
  const isFresh = (one: Seen) => fresh.some(({ digest }) => digest.equals(one.digest));
  const heldFor = (one: Seen) => reaching(one.labels, holdAt);
  const found = seen.map((one) => ({
    ...one,
    labels: one.labels.filter((label) => [...heldFor(one), ...reaching(one.labels, queueAt)].includes(label)),
  }));
  const telling = found.filter(({ labels }) => labels.length > 0);
  if (!telling.some(isFresh)) return;
  if (kind === 'piece') {
    const isHeld = seen.some((one) => isFresh(one) && heldFor(one).length > 0);
    if (!(await stands(tx, subjectId, isHeld, now))) return;
  }
  const value = Math.max(...telling.flatMap(({ labels }) => labels.map(({ score }) => score)));
  const evidence = {
    pictures: telling.map(({ shown: { mediaId: _mediaId, ...which }, labels }) => ({ ...which, labels })),
  };
  const ofWhom = await ownerOf(tx, subjectId, kind);
  await noteSignal(tx, { kind: 'picture_label', ...ofWhom, value, evidence }, now);
  const subject = kind === 'piece' ? { pieceId: subjectId } : { profileId: subjectId };
  await raise(tx, subject, { cause: 'check', urgency: CHECK_URGENCY }, now);
}

/** Whether it is still there to be looked at; held back, where it must be and was not. */
async function stands(tx: Tx, pieceId: string, isHeld: boolean, now: Date): Promise<boolean> {
  const { rows } = await sql<{ id: string; kind: string; state: string }>`
    select id, kind, state from social.piece where id = ${pieceId} for update`.execute(tx);
  const [piece] = rows;
  if (!piece || (piece.state !== 'live' && piece.state !== 'held')) return false;
  if (isHeld) await moveOne(tx, piece, { from: ['live'], to: 'held' }, now);
  return true;
}

async function ownerOf(tx: Tx, subjectId: string, kind: Kind) {
  if (kind === 'profile') return { memberId: subjectId, pieceId: null };
  const { rows } = await sql<{ memberId: string | null }>`
    select owner_id as "memberId" from social.piece where id = ${subjectId}`.execute(tx);
  return { memberId: rows[0]?.memberId ?? null, pieceId: subjectId };
}
