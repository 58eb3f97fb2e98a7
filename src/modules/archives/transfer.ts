import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openStorage } from '#modules/catalog/index.ts';
import { countUnder } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { type Archive, ARCHIVE_FILE, archiveFor, archivesOf, askArchive } from './archive.ts';
import { archiveErrors } from './errors.ts';
import { askIntake } from './intake.ts';
import type { ArchivesIntakeSight } from './tables.ts';

const GB = 1024 ** 3;
/** Of a file that is brought. */
export const INTAKE_BYTES_MAX = 2 * GB;
const DAY = 86_400;
const A_DAY_MAX = { archive: 6, intake: 6 } as const;

type Edge = Pick<Deps, 'db' | 'config' | 'now'>;

/** Asks for an archive, so often a day. */
export async function wishArchive(deps: Edge, memberId: string, id: string): Promise<Archive> {
  const known = (await archivesOf(deps.db, memberId)).find((archive) => archive.id === id);
  if (known) return known;
  await countUnder(deps, 'archive', memberId, { max: A_DAY_MAX.archive, windowSeconds: DAY });
  return inTransaction(deps.db, (tx) => askArchive(tx, memberId, id, deps.now()));
}

/** The file of a member's archive. */
export async function archiveFile(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  memberId: string,
  id: string,
): Promise<{ stream: Readable; byteSize: number }> {
  const { key, byteSize, madeAt } = await archiveFor(db, memberId, id);
  const stream =
    key !== null && madeAt ? await openStorage(config).stream(`${key}/${ARCHIVE_FILE}`) : undefined;
  if (!stream || byteSize === null) throw archiveErrors.archive_has_no_file({});
  return { stream, byteSize };
}

export interface Brought {
  id: string;
  sight: ArchivesIntakeSight;
  file: Readable & { truncated?: boolean };
}

/** Puts a file aside that a member brings, and has a job take in what is in it. It is never in memory as a whole. */
export async function receiveArchive(
  deps: Edge,
  memberId: string,
  { id, sight, file }: Brought,
): Promise<void> {
  await countUnder(deps, 'archive_intake', memberId, { max: A_DAY_MAX.intake, windowSeconds: DAY });
  const folder = await mkdtemp(join(tmpdir(), 'stoa-brought-'));
  try {
    const path = join(folder, ARCHIVE_FILE);
    await pipeline(file, createWriteStream(path));
    if (file.truncated) throw archiveErrors.file_too_large({ bytesMax: INTAKE_BYTES_MAX });
    const key = randomBytes(32).toString('hex');
    const storage = openStorage(deps.config);
    await storage.putFile(`${key}/${ARCHIVE_FILE}`, path, 'application/zip');
    let isNeeded = false;
    try {
      isNeeded = await inTransaction(deps.db, (tx) =>
        askIntake(tx, memberId, { id, key, sight }, deps.now()),
      );
    } finally {
      if (!isNeeded) await storage.remove(`${key}/${ARCHIVE_FILE}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
