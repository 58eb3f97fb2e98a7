import { readConfig } from '#platform/config.ts';
import { openClickhouse } from '#platform/clickhouse.ts';
import { openDb } from '#platform/db.ts';
import type { EngineAddresses } from '#platform/embedded/data-folder.ts';
import { archivesOf, askArchive, intakeById } from '../src/modules/archives/index.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { makeArchive } from '../src/take-along/make-archive.ts';
import { takeIn } from '../src/take-along/take-in.ts';
import { memoryMostOf, memoryOf } from './process.ts';

/** What `archive.ts` asks of this process. */
export type ArchiveWork = Pick<EngineAddresses, 'databaseUrl' | 'clickhouse'> & {
  dataDir: string;
  memberId: string;
  /** What is to be taken in; without one, an archive is made. */
  intakeId?: string;
};

export interface ArchiveFigures {
  seconds: number;
  /** The most memory of the process above what it had when it began. */
  megabytes: number;
  /** Of an intake how often it waited for the next hour, and what it took; of an archive how large it is. */
  hours: number;
  taken: number;
  byteSize: number;
}

/** One piece of work in a process of its own, so that its memory is its own. Hours pass as soon as it waits for one. */
async function work({ databaseUrl, clickhouse: at, dataDir, memberId, intakeId }: ArchiveWork) {
  const config = readConfig({ STOA_DATA: dataDir, STOA_SECRET: 'a secret of the benchmark of archives' });
  await using db = openDb(databaseUrl, { max: 5 });
  await using reads = openDb(databaseUrl, { max: 5, readOnly: true });
  const clickhouse = await openClickhouse(at);
  let passed = 0;
  const now = () => new Date(Date.now() + passed * 3_600_000);
  const deps = { db, reads, databaseUrl, clickhouse, mailer: async () => {}, config, now };
  await reads.selectNoFrom((eb) => eb.val(1).as('one')).execute();
  const before = memoryOf(process.pid);
  const began = performance.now();
  let [taken, byteSize] = [0, 0];
  if (intakeId === undefined) {
    const { id } = await inTransaction(db, (tx) => askArchive(tx, memberId, newId(), now()));
    await makeArchive(deps, { archiveId: id });
    byteSize = (await archivesOf(db, memberId))[0]?.byteSize ?? 0;
  } else
    for (;;) {
      await takeIn(deps, { intakeId });
      const intake = await intakeById(db, intakeId);
      taken = intake?.taken ?? 0;
      if (intake?.state !== 'waiting') break;
      passed++;
    }
  const seconds = (performance.now() - began) / 1000;
  const megabytes = memoryMostOf(process.pid) - before;
  await clickhouse.close();
  return { seconds, megabytes, hours: passed, taken, byteSize } satisfies ArchiveFigures;
}

if (process.argv[2] !== undefined)
  process.stdout.write(`${JSON.stringify(await work(JSON.parse(process.argv[2]) as ArchiveWork))}\n`);
