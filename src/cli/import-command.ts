import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readConfig } from '#platform/config.ts';
import { AppError } from '#platform/errors.ts';
import { StartFault } from '#platform/start-fault.ts';
import { readSales, writeSales } from '../imports/import-file.ts';
import { type Mapping, readMapping } from '../imports/mapping.ts';
import { reportText } from '../imports/report.ts';
import { followEvents, freshness } from '../modules/insight/index.ts';
import { openProgress, type Progress } from './progress.ts';
import { inSession, lineOf, type Session } from './session.ts';

/** `stoa import NAME FILE`, or `stoa import --mapping OWN.json FILE`. */
export async function importCommand(
  names: readonly string[],
  { mapping: own }: { mapping?: string },
): Promise<void> {
  const [name, file] = own === undefined ? names : [own, ...names];
  if (name === undefined || file === undefined || names.length > (own === undefined ? 2 : 1)) {
    throw new StartFault(
      'Say what to import: stoa import online-retail FILE, or stoa import --mapping OWN.json FILE.',
    );
  }
  const mapping = mappingOf(name);
  const fileBytes = bytesOf(file);
  const shown = watch(fileBytes);
  const reportsDir = join(readConfig(process.env).dataDir, 'imports');
  const options = { file, mapping, reportsDir, now: new Date(), watch: shown };
  const reading = readSales(options); // while the engines start
  reading.catch(() => {}); // told below
  await inSession('import', async (session) => {
    try {
      const report = await writeSales(options, await reading, session.engines.databaseUrl);
      shown.stop();
      process.stdout.write(`${reportText(report)}\n`);
    } finally {
      shown.stop();
    }
    await followToTheEnd(session);
  });
}

/** A mapping that is refused needs no engines to say so. */
function mappingOf(name: string): Mapping {
  try {
    return readMapping(name);
  } catch (error) {
    throw error instanceof AppError ? new StartFault(lineOf(error)) : error;
  }
}

function bytesOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new StartFault(`${file}: ${isMissing ? 'there is no such file' : (error as Error).message}`);
  }
}

function watch(fileBytes: number) {
  let shown: Progress = openProgress('Reading', fileBytes, 'bytes');
  return {
    onRead: (bytesTaken: number) => shown.update(bytesTaken),
    onSurvey: () => shown.stop(),
    onWritten: (rows: number, ofRows: number) => {
      if (rows === 0) shown = openProgress('Writing', ofRows, 'rows');
      shown.update(rows);
    },
    stop: () => shown.stop(),
  };
}

const FOLLOW_LIMIT_MS = 10 * 60_000;
const LOOK_MS = 200;

/**
 * Waits until the figures of the desk have all of it. The Stoa that runs follows the events itself and holds the
 * lock; when none runs, this does.
 */
async function followToTheEnd({ deps, engines }: Session): Promise<void> {
  const ended = new AbortController();
  const following = followEvents(
    { databaseUrl: engines.databaseUrl, clickhouse: deps.clickhouse },
    AbortSignal.any([ended.signal, AbortSignal.timeout(FOLLOW_LIMIT_MS)]),
  );
  const since = performance.now();
  let isBehind = true;
  while (isBehind && performance.now() - since < FOLLOW_LIMIT_MS) {
    isBehind = (await freshness(deps.db)).behind;
    if (isBehind) await setTimeout(LOOK_MS);
  }
  ended.abort();
  await following;
  process.stdout.write(
    isBehind
      ? 'The figures of the desk are still being brought up to date.\n'
      : 'The figures of the desk are up to date.\n',
  );
}
