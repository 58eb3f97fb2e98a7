import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { importErrors } from './errors.ts';
import { type FateTally, FateTallies } from './fates.ts';
import type { LineKind, Mapping } from './mapping.ts';
import { type Row, type RowReader, rowReader, type SetAsideRow, type TakenRow } from './rows.ts';
import { readRows } from './separated.ts';
import type { RowSpill } from './spill.ts';

/** What reading a file to its end has learnt; the taken rows themselves lie in the spill. Nothing is written yet. */
export interface Survey {
  sha256: string;
  rowCount: number;
  fates: FateTally[];
  documents: DocumentFacts[];
  names: NameFacts[];
  notes: SurveyNotes;
}

/** How many documents' rows disagree. A document takes its earliest time, and its first customer and region. */
export interface SurveyNotes {
  inParts: number;
  withTimes: number;
  withCustomers: number;
  withRegions: number;
}

export interface DocumentFacts {
  number: string;
  isReturn: boolean;
  rows: number;
  firstRow: number;
  lastRow: number;
  at: number;
  day: string;
  customer: string;
  region: string;
  disagreement: number;
}

/** What lines are about: a code under one of its titles. A product may have several. */
export interface NameFacts {
  kind: LineKind;
  code: string;
  title: string;
  rows: number;
  unitsSold: number;
  /** Minor units, and how many rows were sold at that price. */
  prices: Map<number, number>;
  firstAt: number;
}

interface SurveyOptions {
  onHeader?: (header: readonly string[]) => void;
  onSetAside?: (line: number, row: SetAsideRow, fields: readonly string[]) => void;
  onProgress?: (bytesTaken: number) => void;
}

/** Reads the whole file. Whatever is wrong in it is refused here, before anything has been written. */
export async function surveyFile(
  file: string,
  mapping: Mapping,
  spill: RowSpill,
  { onHeader, onSetAside, onProgress }: SurveyOptions = {},
): Promise<Survey> {
  const collector = new FactCollector(spill);
  let read: RowReader | undefined;
  const take = (fields: string[], line: number): void => {
    if (read) {
      const row = read(fields, line);
      collector.add(row);
      if (!row.isTaken) onSetAside?.(line, row, fields);
    } else {
      read = rowReader(file, mapping, fields);
      onHeader?.(fields);
    }
  };
  await readRows(file, mapping.file, take, onProgress);
  if (!read) throw importErrors.bad_file({ file, detail: 'it has no line of column names' });
  refuseScattered(file, collector);
  return { ...collector.facts(), sha256: await sha256Of(file) };
}

const DISAGREEMENT = { parts: 1, times: 2, customers: 4, regions: 8 } as const;

class FactCollector {
  readonly #spill: RowSpill;
  readonly #fates = new FateTallies();
  readonly #orders = new Map<string, number>();
  readonly #returns = new Map<string, number>();
  /** By code. Most codes have one name or two, so that comparing them is faster than a second map. */
  readonly #namesOfCode = new Map<string, NumberedName[]>();
  readonly documents: DocumentFacts[] = [];
  readonly #names: NumberedName[] = [];
  rowCount = 0;
  #last: { document: DocumentFacts; position: number } | undefined;

  constructor(spill: RowSpill) {
    this.#spill = spill;
  }

  add(row: Row): void {
    this.rowCount += 1;
    this.#fates.add(row);
    if (!row.isTaken) return;
    const { document, position } = this.#documentOf(row);
    document.rows += 1;
    document.lastRow = this.rowCount;
    if (row.time.at !== document.at) this.#noteTime(document, row);
    if (row.customer !== document.customer) document.disagreement |= DISAGREEMENT.customers;
    if (row.region !== document.region) document.disagreement |= DISAGREEMENT.regions;
    const name = this.#nameOf(row);
    const { quantity, unitPriceMinor, netMinor, costMinor } = row;
    this.#spill.add({ document: position, name, quantity, unitPriceMinor, netMinor, costMinor });
  }

  facts(): Omit<Survey, 'sha256'> {
    const { rowCount, documents } = this;
    const disagreeing = (about: number) =>
      documents.filter(({ disagreement }) => (disagreement & about) > 0).length;
    const notes = {
      inParts: disagreeing(DISAGREEMENT.parts),
      withTimes: disagreeing(DISAGREEMENT.times),
      withCustomers: disagreeing(DISAGREEMENT.customers),
      withRegions: disagreeing(DISAGREEMENT.regions),
    };
    return { rowCount, documents, names: this.#names, fates: this.#fates.list(), notes };
  }

  /** The last row's document is mostly this row's too. */
  #documentOf(row: TakenRow) {
    const { document: number, isReturn } = row;
    const last = this.#last;
    if (last && last.document.number === number && last.document.isReturn === isReturn) return last;
    const positions = isReturn ? this.#returns : this.#orders;
    const position = positions.get(number) ?? this.documents.length;
    const document = this.documents[position] ?? this.#startDocument(row, positions);
    if (document.rows > 0) document.disagreement |= DISAGREEMENT.parts;
    this.#last = { document, position };
    return this.#last;
  }

  #startDocument(
    { document: number, isReturn, time, customer, region }: TakenRow,
    positions: Map<string, number>,
  ) {
    const said = {
      number: ownCopy(number),
      isReturn,
      customer: ownCopy(customer),
      region,
      at: time.at,
      day: time.day,
    };
    const document = { ...said, rows: 0, firstRow: this.rowCount, lastRow: this.rowCount, disagreement: 0 };
    positions.set(said.number, this.documents.length);
    this.documents.push(document);
    return document;
  }

  #noteTime(document: DocumentFacts, { time: { at, day } }: TakenRow): void {
    document.disagreement |= DISAGREEMENT.times;
    if (at >= document.at) return;
    document.at = at;
    document.day = day;
  }

  #nameOf(row: TakenRow): number {
    const { kind, code, title, unitPriceMinor, quantity, isReturn, time } = row;
    let called = this.#namesOfCode.get(code);
    if (!called) this.#namesOfCode.set(ownCopy(code), (called = []));
    let name = called.find((each) => each.title === title && each.kind === kind);
    if (!name) {
      const said = { kind, code: ownCopy(code), title: ownCopy(title), rows: 0, unitsSold: 0 };
      name = { ...said, prices: new Map(), firstAt: time.at, position: this.#names.length };
      this.#names.push(name);
      called.push(name);
    }
    name.rows += 1;
    if (isReturn) return name.position;
    name.unitsSold += quantity;
    name.prices.set(unitPriceMinor, (name.prices.get(unitPriceMinor) ?? 0) + 1);
    if (time.at < name.firstAt) name.firstAt = time.at;
    return name.position;
  }
}

type NumberedName = NameFacts & { position: number };

/** A field is a slice of the block it was read in, and would hold on to all of it. */
const ownCopy = (text: string) => (text.length < 13 ? text : Buffer.from(text).toString());

const HELD_ROWS_MAX = 1_000_000;
const STRETCH = 4096;

/**
 * Writing holds a document until its last row has come. In most files that is a moment; in one that is sorted
 * by something else it could be the whole file, which is refused while nothing has been written.
 */
function refuseScattered(file: string, { documents, rowCount }: FactCollector): void {
  const change = new Int32Array(Math.floor(rowCount / STRETCH) + 2);
  const at = (row: number) => Math.floor(row / STRETCH);
  for (const { rows, firstRow, lastRow } of documents) {
    change[at(firstRow)] = (change[at(firstRow)] ?? 0) + rows;
    change[at(lastRow) + 1] = (change[at(lastRow) + 1] ?? 0) - rows;
  }
  let held = 0;
  for (const difference of change) {
    held += difference;
    if (held <= HELD_ROWS_MAX) continue;
    const limit = HELD_ROWS_MAX.toLocaleString('en');
    const detail = `the rows of its documents lie too far apart (more than ${limit} would have to be held): sort it by document number`;
    throw importErrors.bad_file({ file, detail });
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
