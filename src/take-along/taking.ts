import { catalogErrors, UPLOAD_BYTES_MAX, UPLOAD_PROBLEMS } from '#modules/catalog/index.ts';
import type { Intake, StepOutcome } from '#modules/archives/index.ts';
import { addPhoto, cleanWords } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { productCalled, standingOf } from '#read/own/known-here.ts';
import { PICTURE_PATH, type Thing } from './folder.ts';
import { idAt, madeAt, textAt, textsAt } from './lens.ts';
import type { ZipReader } from './zip.ts';

/** An archive that is being taken in: whose, and out of which file. */
export interface Taking {
  deps: Pick<Deps, 'db' | 'config' | 'now'>;
  intake: Pick<Intake, 'id' | 'memberId' | 'sight'>;
  zip: Pick<ZipReader, 'has' | 'read'>;
}

/** How often the same thing can be deleted here and taken in again. */
const TIMES = 20;

export interface Place {
  id: string;
  /** When it was made there. */
  at: Date;
  /** Whether it is here already. */
  isHere: boolean;
}

/**
 * Under which id a thing of an archive stands here: its own where it is this member's and still there, else one made of
 * whose it is and its number in the archive. So the same archive twice makes nothing twice, and what was deleted here
 * meanwhile comes again under another id.
 */
export async function placeOf(
  { deps: { db, now }, intake: { memberId } }: Taking,
  thing: Thing,
): Promise<Place | undefined> {
  const source = idAt(thing);
  if (source === undefined) return undefined;
  const at = madeAt(thing, now());
  const ids = Array.from({ length: TIMES }, (_, time) =>
    // Sorted by time, as new ones are: lists go by it.
    idOf('archives:thing', `${memberId} ${source} ${time}`, at?.getTime()),
  );
  const known = await standingOf(db, [source, ...ids]);
  const own = known.get(source);
  if (own?.ownerId === memberId && own.isThere) return { id: source, at: at ?? now(), isHere: true };
  const id = ids.find((each) => known.get(each)?.isThere !== false);
  if (id === undefined) throw new Error(`${source} was deleted ${TIMES} times`);
  return { id, at: at ?? now(), isHere: known.has(id) };
}

/** Words as they are kept; nothing where nothing is left of them. */
export function wordsFrom(typed: string, lengthMax: number): string {
  try {
    return cleanWords(typed, lengthMax);
  } catch (error) {
    if (error instanceof AppError) return '';
    throw error;
  }
}

const REFUSALS = new Set<string>([
  ...UPLOAD_PROBLEMS.map(({ code }) => code),
  catalogErrors.media_not_found.code,
]);

/** A picture of the folder as a photo of the member's; undefined where there is none that we take. */
export async function takePicture(taking: Taking, picture: Thing): Promise<string | undefined> {
  const { deps, intake, zip } = taking;
  const path = textAt(picture, 'url', 200);
  const place = await placeOf(taking, picture);
  if (!place) return undefined;
  const { id } = place;
  if (place.isHere) return id;
  if (!PICTURE_PATH.test(path) || !zip.has(path)) return undefined;
  try {
    const bytes = await zip.read(path, UPLOAD_BYTES_MAX);
    await addPhoto(
      deps,
      { id, ownerId: intake.memberId, alt: wordsFrom(textAt(picture, 'name', 500), 500) },
      bytes,
    );
    return id;
  } catch (error) {
    if (error instanceof AppError && REFUSALS.has(error.code)) return undefined;
    throw error;
  }
}

export async function takePictures(taking: Taking, pictures: readonly Thing[]): Promise<string[]> {
  const ids: string[] = [];
  for (const picture of pictures) {
    const id = await takePicture(taking, picture);
    if (id !== undefined && !ids.includes(id)) ids.push(id);
  }
  return ids;
}

/** The product that is meant, where the shop has it. */
export const productAt = (db: Db, ref: Thing): Promise<string | undefined> =>
  productCalled(db, {
    slug: textAt(ref, 'stoa:slug', 120),
    skus: textsAt(ref, 'stoa:skus', 200),
    gtins: textsAt(ref, 'stoa:gtins', 200),
  });

/** With `words` that would be lost otherwise. */
export const leftOut = (kind: string, what: string, reason: string, words = ''): StepOutcome => ({
  fate: 'nothing',
  left: { kind, what, reason, words },
});
