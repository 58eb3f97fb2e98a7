import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ARCHIVE_FILE, askIntake } from '#modules/archives/index.ts';
import { openStorage } from '#modules/catalog/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { PAGE_ITEMS, type Thing } from '../../src/take-along/folder.ts';
import { writeZip } from '../../src/take-along/zip.ts';

/** A zip file with these files in it. */
export async function zipped(files: Record<string, string | Uint8Array>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'a.zip');
  const zip = writeZip(path);
  for (const [name, content] of Object.entries(files)) await zip.put(name, [content]);
  await zip.end();
  return readFile(path);
}

/** A folder whose outbox has these activities. */
export const outbox = (items: readonly Thing[], more: Record<string, string | Uint8Array> = {}) =>
  zipped({
    'actor.json': JSON.stringify({ type: 'Person', summary: 'Of stone' }),
    'outbox.json': JSON.stringify({ type: 'OrderedCollection', totalItems: items.length }),
    'outbox/1.json': JSON.stringify({ type: 'OrderedCollectionPage', orderedItems: items }),
    ...more,
  });

/** The same of more activities than one page has. */
export const longOutbox = (items: readonly Thing[]) =>
  zipped({
    'actor.json': JSON.stringify({ type: 'Person' }),
    'outbox.json': JSON.stringify({ type: 'OrderedCollection', totalItems: items.length }),
    ...Object.fromEntries(
      Array.from({ length: Math.ceil(items.length / PAGE_ITEMS) }, (_, nth) => [
        `outbox/${nth + 1}.json`,
        JSON.stringify({ orderedItems: items.slice(nth * PAGE_ITEMS, (nth + 1) * PAGE_ITEMS) }),
      ]),
    ),
  });

/** Puts a file aside as if its member had sent it, and has it taken in: by its job, or by whoever calls that. */
export async function brought(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  memberId: string,
  archive: Buffer,
): Promise<string> {
  const [id, key] = [randomUUID(), randomBytes(32).toString('hex')];
  await openStorage(deps.config).put(`${key}/${ARCHIVE_FILE}`, archive, 'application/zip');
  await inTransaction(deps.db, (tx) => askIntake(tx, memberId, { id, key, sight: 'as_it_was' }, deps.now()));
  return id;
}

export const aBoardSaid = (more: Thing = {}): Thing => ({
  type: 'Create',
  object: {
    type: ['OrderedCollection', 'stoa:Board'],
    id: 'urn:uuid:00000000-0000-4000-8000-000000000001',
    published: '2026-01-02T03:04:05.000Z',
    name: 'Kit\u202Echen <script>',
    'stoa:visibility': 'public',
    ...more,
  },
});

/** So many comments on that board, numbered. */
export const commentsSaid = (count: number): Thing[] =>
  Array.from({ length: count }, (_, nth) => ({
    type: 'Create',
    object: {
      type: ['Note', 'stoa:Comment'],
      id: `urn:uuid:00000000-0000-4000-9000-${String(nth).padStart(12, '0')}`,
      published: '2026-01-03T03:04:05.000Z',
      content: `Comment ${nth}`,
      inReplyTo: {
        type: ['Object', 'stoa:Board'],
        id: 'urn:uuid:00000000-0000-4000-8000-000000000001',
        published: '2026-01-02T03:04:05.000Z',
      },
    },
  }));
