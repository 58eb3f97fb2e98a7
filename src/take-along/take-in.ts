import { mkdtemp, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  ARCHIVE_FILE,
  endIntake,
  type Intake,
  intakeById,
  noteStep,
  noteTotal,
  putOff,
  type StepOutcome,
} from '#modules/archives/index.ts';
import { openStorage } from '#modules/catalog/index.ts';
import { mailMember } from '#modules/identity/index.ts';
import { changeProfile, notifyAnew, ownProfile, quietly } from '#modules/social/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { ACTOR, OUTBOX, outboxPage, PAGE_ITEMS, type Thing } from './folder.ts';
import { is, isThing, textAt, thingAt } from './lens.ts';
import { mailText } from './read-me-texts.ts';
import { type Step, takeBoard, takePin } from './take-boards.ts';
import { takeLook, takePost, takeReview, takeTie } from './take-others.ts';
import { NextHour, sayingKindOf, takeSaying } from './take-words.ts';
import { leftOut, takePicture, type Taking, wordsFrom } from './taking.ts';
import { ArchiveRefused, readZip, type ZipReader } from './zip.ts';

const JSON_BYTES_MAX = 8 * 1024 * 1024;
const ACTIVITIES_MAX = 100_000;
const BIO_MAX = 300;
const WORDS_KEPT = 5000;

/** Another worker has done this step, the intake is over, or goes on at another time. */
class Overtaken extends Error {}

/** Job. Goes on where it, or one before it, ended. */
export async function takeIn(deps: Deps, payload: unknown): Promise<void> {
  const { intakeId } = payload as { intakeId: string }; // as `askIntake` queued it
  const intake = await intakeById(deps.db, intakeId);
  if (!intake || intake.state !== 'waiting' || intake.key === null) return;
  const folder = await mkdtemp(join(tmpdir(), 'stoa-intake-'));
  try {
    const path = join(folder, ARCHIVE_FILE);
    const stored = await openStorage(deps.config).stream(`${intake.key}/${ARCHIVE_FILE}`);
    if (!stored) return await end(deps, intake, 'file_missing');
    await pipeline(stored, createWriteStream(path));
    const zip = await readZip(path, ACTOR);
    try {
      await takeAll({ deps, intake, zip }, intake.steps);
    } finally {
      zip.close();
    }
    await end(deps, intake, null);
  } catch (error) {
    if (error instanceof ArchiveRefused) await end(deps, intake, error.reason);
    else if (!(error instanceof Overtaken)) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function end(deps: Deps, intake: Intake, refusal: string | null): Promise<void> {
  const isOver = await inTransaction(deps.db, async (tx) => {
    const isEnded = await endIntake(tx, intake.id, refusal, deps.now());
    const told = { memberId: intake.memberId, kind: 'archive_taken' } as const;
    if (isEnded && refusal === null) await notifyAnew(tx, told, deps.now());
    return isEnded;
  });
  if (!isOver) return;
  const link = new URL(`/account/data/imports/${intake.id}`, deps.config.publicUrl).href;
  await mailMember(deps, intake.memberId, mailText('taken.subject', { shop: deps.config.shopName }), [
    refusal === null ? mailText('taken.text') : mailText('refused.text'),
    link,
  ]);
}

/** The profile is the first step, each activity of the outbox one more. */
async function takeAll(taking: Taking, done: number): Promise<void> {
  const { deps, intake, zip } = taking;
  const outbox = await jsonIn(zip, OUTBOX);
  const total = outbox['totalItems'];
  if (!is(outbox, 'OrderedCollection') || typeof total !== 'number') throw new ArchiveRefused('no_archive');
  if (total > ACTIVITIES_MAX) throw new ArchiveRefused('too_many_things');
  await inTransaction(deps.db, (tx) => noteTotal(tx, intake.id, Math.max(0, Math.trunc(total))));
  if (done === 0) {
    const actor = await jsonIn(zip, ACTOR);
    await doStep(taking, { step: 0, about: aboutOf({}) }, () => profileStep(taking, actor));
  }
  let step = 1;
  for (let nth = 1; zip.has(outboxPage(nth)) && step <= ACTIVITIES_MAX; nth++) {
    const page = await jsonIn(zip, outboxPage(nth));
    const items = Array.isArray(page['orderedItems']) ? (page['orderedItems'] as unknown[]) : [];
    if (items.length > PAGE_ITEMS) throw new ArchiveRefused('too_many_things');
    for (const item of items) {
      const activity = isThing(item) ? item : {};
      if (step >= done)
        await doStep(taking, { step, about: aboutOf(activity) }, () => stepOf(taking, activity));
      step++;
    }
  }
}

async function jsonIn(zip: Pick<ZipReader, 'read'>, name: string): Promise<Thing> {
  const text = (await zip.read(name, JSON_BYTES_MAX)).toString('utf8');
  try {
    const parsed: unknown = JSON.parse(text);
    if (isThing(parsed)) return parsed;
  } catch {
    // told below: what is not JSON is no archive
  }
  throw new ArchiveRefused('broken');
}

interface About {
  kind: string;
  /** Kept, so that nothing of what somebody wrote is lost. */
  words: string;
}

function aboutOf(activity: Thing): About {
  const object = thingAt(activity, 'object') ?? {};
  const words = textAt(object, 'content', WORDS_KEPT) || textAt(object, 'name', 200);
  return { kind: sayingKindOf(object) ?? 'thing', words };
}

/** What it does and that it is done are written together. What is refused is told in the list of what was left out. */
async function doStep(
  { deps, intake }: Taking,
  { step, about }: { step: number; about: About },
  prepare: () => Promise<Step | Refused>,
): Promise<void> {
  const note = async (tx: Tx, outcome: StepOutcome) => {
    if (!(await noteStep(tx, intake.id, step, outcome))) throw new Overtaken();
  };
  try {
    const work = await prepare();
    await inTransaction(deps.db, async (tx) => {
      await quietly(tx);
      await note(tx, 'refused' in work ? work.refused : await work(tx));
    });
  } catch (error) {
    if (error instanceof NextHour) {
      const until = new Date(deps.now().getTime() + error.seconds * 1000);
      await inTransaction(deps.db, (tx) => putOff(tx, intake.id, step, until));
      throw new Overtaken();
    }
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    await inTransaction(deps.db, (tx) => note(tx, leftOut(about.kind, about.words, reason, about.words)));
  }
}

/** Of what is the archive's fault: a refusal of ours, or a value that the database does not take. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof AppError) return error.code.slice(error.code.indexOf('.') + 1);
  const state = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^2[23]\w{3}$/.test(state) ? 'other' : undefined;
}

interface Refused {
  refused: StepOutcome;
}

/** Words and a picture of oneself, where the account has none yet; its name and its handle stay. */
async function profileStep(taking: Taking, actor: Thing): Promise<Step> {
  const { memberId } = taking.intake;
  const icon = thingAt(actor, 'icon');
  const photoId = icon && (await takePicture(taking, icon));
  return async (tx) => {
    const own = await ownProfile(tx, memberId, '', taking.deps.now());
    const bio = own.bio || wordsFrom(textAt(actor, 'summary', BIO_MAX), BIO_MAX);
    await changeProfile(tx, memberId, { ...own, bio, photoId: own.photoId ?? photoId ?? null });
    return { fate: 'nothing' };
  };
}

async function stepOf(taking: Taking, activity: Thing): Promise<Step | Refused> {
  const object = thingAt(activity, 'object') ?? {};
  const type = textAt(activity, 'type', 40);
  const { kind, words } = aboutOf(activity);
  const what = textAt(object, 'name', 200) || words;
  const state = textAt(object, 'stoa:state', 20);
  if (state !== '' && state !== 'live' && state !== 'draft')
    return { refused: leftOut(kind, what, 'removed_there', words) };
  if (type === 'Create') {
    if (is(object, 'stoa:Board')) return takeBoard(taking, object);
    if (is(object, 'stoa:Look')) return takeLook(taking, object);
    if (is(object, 'stoa:Post')) return takePost(taking, object);
    if (is(object, 'stoa:Review')) return takeReview(taking, object);
    const said = sayingKindOf(object);
    return said ? takeSaying(taking, said, object) : { refused: leftOut('thing', what, 'kind_unknown') };
  }
  if (type === 'Add') return takePin(taking, activity, object);
  if (type === 'Follow' || type === 'Block' || type === 'Ignore') return takeTie(taking, type, object);
  if (type === 'Offer') return { refused: leftOut('suggestion', what, 'stays_where_said', words) };
  if (type === 'Like' || type === 'Dislike') return { refused: leftOut('reaction', what, 'counted_there') };
  return { refused: leftOut('thing', what, 'kind_unknown') };
}
