import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BulkTx, openBulk } from '#platform/bulk.ts';
import { openDb } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { importCatalog } from '../modules/catalog/index.ts';
import { customersFor } from '../modules/identity/index.ts';
import { recordOrders, recordReturns } from '../modules/orders/index.ts';
import { marketplaceCurrency } from '../read/marketplace-currency.ts';
import { marketRegions } from '../read/market-regions.ts';
import { BATCH_ROWS, type DocumentBatch, documentBatches, type Naming, pastDocuments } from './documents.ts';
import { importErrors } from './errors.ts';
import type { Mapping } from './mapping.ts';
import { catalogRecords, productsOf } from './products.ts';
import { beginRun, commitLater, finishRun, holdRun, noteBatch, writtenBatches } from './progress.ts';
import { beginDraft, publishReport } from './report-folder.ts';
import { type ImportReport, openSetAsideFile, reportOf, type Written } from './report.ts';
import { RowSpill } from './spill.ts';
import { type Survey, surveyFile } from './survey.ts';

export interface ImportOptions {
  file: string;
  mapping: Mapping;
  /** Where the report's folder is made. */
  reportsDir: string;
  now: Date;
  watch?: ImportWatch;
}

/** What somebody who waits may be shown. */
export interface ImportWatch {
  onRead?(bytesTaken: number): void;
  onSurvey?(rowCount: number): void;
  /** Of the rows that are taken. First with none, when writing begins. */
  onWritten?(rows: number, ofRows: number): void;
}

type Bulk = Awaited<ReturnType<typeof openBulk>>;

/** A file that was read to its end, and found good: nothing of it is written yet. */
interface ReadSales extends Disposable {
  survey: Survey;
  spill: RowSpill;
  /** The folder in which its report grows. */
  draft: string;
}

/**
 * Imports a file: first reads it to its end, so that whatever is wrong in it is refused before anything is
 * written; then writes it in batches, each with its note of progress in one transaction. Begun again after any
 * end, it goes on with what is missing; after a good end there is nothing to do.
 */
export async function importFile(options: ImportOptions & { databaseUrl: string }): Promise<ImportReport> {
  return writeSales(options, await readSales(options), options.databaseUrl);
}

/** The first half of an import, which needs no database: it may be read while one starts. */
export async function readSales({ file, mapping, reportsDir, watch }: ImportOptions): Promise<ReadSales> {
  const draft = beginDraft(reportsDir);
  const spill = new RowSpill(join(draft, '.rows'));
  const dispose = () => {
    spill[Symbol.dispose]();
    rmSync(draft, { recursive: true, force: true }); // a report that was published has another name
  };
  try {
    const setAside = openSetAsideFile(join(draft, 'set-aside.csv'));
    const survey = await surveyFile(file, mapping, spill, {
      onHeader: setAside.head,
      onSetAside: setAside.add,
      onProgress: (bytes) => watch?.onRead?.(bytes),
    }).finally(setAside.close);
    watch?.onSurvey?.(survey.rowCount);
    return { survey, spill, draft, [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The second half: writes what was read, and its report. */
export async function writeSales(
  options: ImportOptions,
  read: ReadSales,
  databaseUrl: string,
): Promise<ImportReport> {
  using sales = read;
  const { file, mapping, reportsDir, now } = options;
  const { survey, spill, draft } = sales;
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  const folder = join(reportsDir, `${mapping.source}-${time}`);
  const written = await writeAll({ ...options, databaseUrl }, survey, spill);
  const report = reportOf({ file, mapping, survey, written, folder, startedAt: now });
  publishReport(report, draft);
  return report;
}

async function writeAll(
  options: ImportOptions & { databaseUrl: string },
  survey: Survey,
  spill: RowSpill,
): Promise<Written> {
  const { databaseUrl, file, mapping } = options;
  await using reads = openDb(databaseUrl, { max: 1, readOnly: true });
  refuseUnknownRegions(options, survey, await marketRegions(reads));
  const publication = publicationOf(mapping, await marketplaceCurrency(reads));
  const runId = runIdOf(mapping, survey);
  await using first = await openBulk(databaseUrl);
  const isHeld = await first.run(async ({ tx }) => {
    await beginRun(tx, {
      id: runId,
      source: mapping.source,
      fileName: basename(file),
      rowCount: survey.rowCount,
    });
    return holdRun(tx, runId);
  });
  if (!isHeld)
    throw importErrors.bad_file({ file, detail: 'another process is importing it at this moment' });
  const { positions, finishedAt } = await writtenBatches(reads, runId);
  const { products, lineNames } = productsOf(mapping, survey.names);
  await using second = await openBulk(databaseUrl);
  const writeCatalog = async (bulk: BulkTx) => {
    if (positions.has(0)) return;
    await importCatalog(bulk, {
      source: mapping.source,
      products: catalogRecords(mapping, products, publication),
    });
    await noteBatch(bulk, runId, { position: 0, documents: 0, recorded: 0 });
  };
  const refs = new Set(survey.documents.map(({ customer }) => customer).filter((ref) => ref !== ''));
  const [customers] = await Promise.all([
    second.run((bulk) => customersFor(bulk, mapping.source, refs)),
    first.run(writeCatalog),
  ]);
  if (finishedAt === undefined) {
    const naming = { lineNames, customers };
    // Two keep PostgreSQL busy while the next batch is made; more would only wait for each other.
    await writeBatches([first, second], {
      options,
      survey,
      spill,
      naming,
      runId,
      positions,
    });
  }
  const ended = await first.run(({ tx }) => finishRun(tx, runId));
  const counts = { productCount: products.length, customerCount: customers.size };
  return {
    runId,
    ...ended,
    wasFinishedAt: finishedAt,
    wasResumed: positions.size > 0,
    ...counts,
    publication,
  };
}

interface BatchWork {
  options: ImportOptions;
  survey: Survey;
  spill: RowSpill;
  naming: Naming;
  runId: string;
  positions: ReadonlySet<number>;
}

/** Each writer takes the next batch that is not written yet, until there is none. */
async function writeBatches(writers: Bulk[], work: BatchWork): Promise<void> {
  const { options, survey, spill, positions } = work;
  const batches = documentBatches(survey.documents, spill);
  const ofRows = survey.fates.reduce((sum, { isTaken, rows }) => (isTaken ? sum + rows : sum), 0);
  let rows = 0;
  let isStopped = false;
  options.watch?.onWritten?.(rows, ofRows);
  const writing = writers.map(async (writer) => {
    for (const batch of batches) {
      if (!positions.has(batch.position)) await writeBatch(writer, batch, work);
      rows += batch.rowCount;
      options.watch?.onWritten?.(rows, ofRows);
      if (isStopped) return;
    }
  });
  try {
    await Promise.all(writing);
  } finally {
    isStopped = true;
    await Promise.allSettled(writing);
  }
}

function writeBatch(
  writer: Bulk,
  batch: DocumentBatch,
  { options, naming, runId }: BatchWork,
): Promise<void> {
  const { orders, returns } = pastDocuments(options.mapping, batch, naming);
  return writer.run(async (bulk) => {
    await commitLater(bulk);
    const { recorded: recordedOrders } = await recordOrders(bulk, orders);
    const { recorded: recordedReturns } = await recordReturns(bulk, returns);
    const recorded = recordedOrders + recordedReturns;
    await noteBatch(bulk, runId, { position: batch.position, documents: batch.documents.length, recorded });
  });
}

/** The same file under the same mapping, cut into the same batches, is the same run. */
function runIdOf(mapping: Mapping, { sha256 }: Survey): string {
  const rules = createHash('sha256').update(JSON.stringify(mapping)).digest('hex');
  return idOf('imports:run', `${sha256} ${rules} ${BATCH_ROWS}`);
}

function publicationOf({ products: { publish }, currency }: Mapping, soldIn: string): 'draft' | 'published' {
  if (publish === 'where-sold') return currency === soldIn ? 'published' : 'draft';
  return publish === 'always' ? 'published' : 'draft';
}

function refuseUnknownRegions(
  { file }: ImportOptions,
  { documents }: Survey,
  known: ReadonlyMap<string, unknown>,
): void {
  const unknown = new Set(documents.map(({ region }) => region).filter((code) => !known.has(code)));
  if (unknown.size === 0) return;
  const detail = `the mapping's regions.names leads to regions that the market does not have: ${[...unknown].join(', ')}`;
  throw importErrors.bad_mapping({ file, detail });
}
