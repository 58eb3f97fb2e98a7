import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARCHIVE_DAYS, ARCHIVE_FILE, archiveToMake, noteArchive } from '#modules/archives/index.ts';
import { dropStored, openStorage } from '#modules/catalog/index.ts';
import { mailMember } from '#modules/identity/index.ts';
import { notifyAnew } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { mailText } from './read-me-texts.ts';
import { writeFolder } from './write-folder.ts';

/** Job. Makes an archive that was asked for, and tells its member. */
export async function makeArchive(deps: Deps, payload: unknown): Promise<void> {
  const { archiveId } = payload as { archiveId: string }; // as `askArchive` queued it
  const archive = await archiveToMake(deps.db, archiveId);
  if (!archive) return;
  const { memberId, key } = archive;
  const folder = await mkdtemp(join(tmpdir(), 'stoa-archive-'));
  try {
    const path = join(folder, ARCHIVE_FILE);
    const byteSize = await writeFolder(deps, memberId, path);
    await openStorage(deps.config).putFile(`${key}/${ARCHIVE_FILE}`, path, 'application/zip');
    const noted = await inTransaction(deps.db, async (tx) => {
      const outcome = await noteArchive(tx, archiveId, byteSize, deps.now());
      if (outcome === 'made') await notifyAnew(tx, { memberId, kind: 'archive_ready' }, deps.now());
      if (outcome === 'unwanted') await dropStored(tx, key, [ARCHIVE_FILE]);
      return outcome;
    });
    if (noted === 'made') await tell(deps, memberId);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tell(deps: Deps, memberId: string): Promise<void> {
  const { shopName: shop, publicUrl } = deps.config;
  const day = new Date(deps.now().getTime() + ARCHIVE_DAYS * 86_400_000).toISOString().slice(0, 10);
  await mailMember(deps, memberId, mailText('made.subject', { shop }), [
    mailText('made.text', { shop, day }),
    new URL('/account/data', publicUrl).href,
    mailText('made.after'),
  ]);
}
