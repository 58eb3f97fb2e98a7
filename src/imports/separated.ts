import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { constants, createGunzip } from 'node:zlib';
import { importErrors } from './errors.ts';

/** How a file of separated values is written. */
export interface SeparatedFormat {
  delimiter: string;
  quote: string;
  encoding: 'utf-8' | 'windows-1252';
}

/** Takes a row, with the number of its first line (the header is on line 1). */
type TakeRow = (fields: string[], line: number) => void;

const CHUNK_BYTES = 256 * 1024;
/** A row that is longer than this is a quote that nobody closed, or no text at all. */
const ROW_CHARACTERS_MAX = 1024 * 1024;
const FIELD_CHARACTERS_MAX = 65_536;

/** What an endless or foreign file starts with, so that the refusal can say what to do. */
const FOREIGN_STARTS: readonly [bytes: string, advice: string][] = [
  ['504b0304', 'it is a zip or Excel file: export the sheet as CSV'],
  ['d0cf11e0', 'it is an old Excel file: export the sheet as CSV'],
  ['fffe', 'it is UTF-16: save it as UTF-8'],
  ['feff', 'it is UTF-16: save it as UTF-8'],
];

/**
 * Reads a file of separated values (RFC 4180; gzip or plain) in constant memory. A generic parser spends
 * ten microseconds on a line; most lines have no quote and need only a split, which takes one.
 */
export async function readRows(
  file: string,
  format: SeparatedFormat,
  take: TakeRow,
  onProgress?: (bytesTaken: number) => void,
): Promise<void> {
  const { isGzip } = await inspect(file);
  const source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const bytes = isGzip ? source.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : source;
  if (bytes !== source) source.on('error', (error) => bytes.destroy(error));
  const splitter = new RowSplitter(file, format, take);
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      splitter.push(chunk);
      onProgress?.(source.bytesRead);
    }
  } catch (error) {
    throw isGzip ? await tornGzip(file, error) : error;
  } finally {
    source.destroy();
  }
  splitter.end();
}

/** The rows of a small file that is in memory already, as a form brings it. */
export function rowsIn(name: string, bytes: Buffer, format: SeparatedFormat, take: TakeRow): void {
  const advice = bytes.length === 0 ? 'it is empty' : foreignAdvice(bytes);
  if (advice !== undefined) throw importErrors.bad_file({ file: name, detail: advice });
  const splitter = new RowSplitter(name, format, take);
  splitter.push(bytes);
  splitter.end();
}

/** What to do with a file that begins as another kind of file does. */
function foreignAdvice(bytes: Buffer): string | undefined {
  const start = bytes.toString('hex', 0, 4);
  return FOREIGN_STARTS.find(([foreign]) => start.startsWith(foreign))?.[1];
}

/** Refuses what is no file of text before anything is read of it. */
async function inspect(file: string): Promise<{ isGzip: boolean }> {
  const refuse = (detail: string) => importErrors.bad_file({ file, detail });
  await using handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === 'ENOENT' ? 'there is no such file' : error.message);
  });
  const stat = await handle.stat();
  if (stat.isDirectory()) throw refuse('it is a folder');
  if (stat.size === 0) throw refuse('it is empty');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  const start = buffer.subarray(0, bytesRead);
  const advice = foreignAdvice(start);
  if (advice !== undefined) throw refuse(advice);
  return { isGzip: start.toString('hex').startsWith('1f8b') };
}

/** Says on which line a gzip file breaks off: read again, leniently, since a strict reader drops its last bytes. */
async function tornGzip(file: string, error: unknown): Promise<unknown> {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (!code.startsWith('Z_')) return error;
  let lines = 0;
  const source = createReadStream(file);
  const lenient = source.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }));
  try {
    for await (const chunk of lenient as AsyncIterable<Buffer>) lines += newlinesIn(chunk);
  } catch {
    // A damaged file ends here too; the lines before the damage have been counted.
  } finally {
    source.destroy();
  }
  const what =
    code === 'Z_BUF_ERROR'
      ? 'the gzip file is torn: it ends in the middle of'
      : 'the gzip file is damaged at or after';
  return importErrors.bad_line({ file, line: lines + 1, detail: `${what} line ${lines + 1}` });
}

function newlinesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

const NEWLINE = 10;

/** Cuts bytes into rows. Holds back the unfinished last row of each chunk. */
class RowSplitter {
  readonly #file: string;
  readonly #format: SeparatedFormat;
  readonly #take: TakeRow;
  #bytesLeft: Buffer = Buffer.alloc(0); // after the last newline
  #textLeft = ''; // from the start of a row whose quote is still open
  #line = 1;
  #isFirst = true;

  constructor(file: string, format: SeparatedFormat, take: TakeRow) {
    this.#file = file;
    this.#format = format;
    this.#take = take;
  }

  push(chunk: Buffer): void {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    const whole = Buffer.concat([this.#bytesLeft, chunk.subarray(0, end)]);
    if (end > 0) {
      this.#bytesLeft = chunk.subarray(end);
      this.#split(this.#decode(whole), false);
      return;
    }
    this.#bytesLeft = Buffer.concat([whole, chunk]);
    if (this.#bytesLeft.length > ROW_CHARACTERS_MAX) throw this.#refuse(this.#line, TOO_LONG);
  }

  end(): void {
    this.#split(this.#decode(this.#bytesLeft), true);
  }

  #decode(bytes: Buffer): string {
    const zero = bytes.indexOf(0);
    if (zero >= 0) throw this.#refuse(this.#lineOf(bytes, zero), 'has a zero byte, which is no text');
    const text = this.#decoded(bytes);
    if (!this.#isFirst) return text;
    this.#isFirst = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  #decoded(bytes: Buffer): string {
    if (isAscii(bytes)) return bytes.toString('latin1');
    if (this.#format.encoding !== 'utf-8') return new TextDecoder(this.#format.encoding).decode(bytes);
    if (!isUtf8(bytes)) throw this.#refuse(this.#lineOf(bytes, invalidAt(bytes)), NOT_UTF8);
    return bytes.toString('utf8');
  }

  #lineOf(bytes: Buffer, offset: number): number {
    return this.#line + newlinesIn(Buffer.from(this.#textLeft)) + newlinesIn(bytes.subarray(0, offset));
  }

  #split(fresh: string, isLast: boolean): void {
    const text = this.#textLeft + fresh;
    const { delimiter, quote } = this.#format;
    this.#textLeft = '';
    let nextQuote = text.indexOf(quote);
    for (let at = 0; at < text.length;) {
      const newline = text.indexOf('\n', at);
      const end = newline < 0 ? text.length : newline;
      if (nextQuote >= 0 && nextQuote < at) nextQuote = text.indexOf(quote, at);
      if (nextQuote >= 0 && nextQuote < end) {
        const quoted = this.#quotedRow(text, at);
        if (!quoted) return this.#holdBack(text.slice(at), isLast);
        this.#take(quoted.row, this.#line);
        this.#line += quoted.lineCount;
        at = quoted.next;
        continue;
      }
      const lineEnd = end > at && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
      if (lineEnd > at) {
        const row = plainRow(text, at, lineEnd, delimiter);
        if (lineEnd - at > FIELD_CHARACTERS_MAX) this.#checkFields(row);
        this.#take(row, this.#line);
      }
      this.#line += 1;
      at = end + 1;
    }
  }

  /** Keeps a row whose quote is still open for the next chunk. */
  #holdBack(text: string, isLast: boolean): void {
    if (isLast) throw this.#refuse(this.#line, 'opens a quote that is never closed');
    if (text.length > ROW_CHARACTERS_MAX) throw this.#refuse(this.#line, TOO_LONG);
    this.#textLeft = text;
  }

  /** A row that has quotes, field by field; undefined when it goes on in the next chunk. */
  #quotedRow(text: string, start: number): { row: string[]; next: number; lineCount: number } | undefined {
    const { delimiter, quote } = this.#format;
    const row: string[] = [];
    for (let at = start; ;) {
      let field: string;
      if (text.startsWith(quote, at)) {
        const close = closingQuote(text, at + 1, quote);
        if (close < 0) return undefined;
        field = text.slice(at + 1, close).replaceAll(quote + quote, quote);
        at = close + 1;
      } else {
        const end = endOfField(text, at, delimiter);
        field = text.slice(at, end);
        at = end;
      }
      row.push(field);
      if (text.startsWith(delimiter, at)) {
        at += delimiter.length;
        continue;
      }
      if (text.charCodeAt(at) === CARRIAGE_RETURN) at += 1;
      if (at < text.length && text.charCodeAt(at) !== NEWLINE) {
        const line = this.#line + newlinesIn(Buffer.from(text.slice(start, at)));
        throw this.#refuse(line, `has text after the closing quote of field ${row.length}`);
      }
      this.#checkFields(row);
      return { row, next: at + 1, lineCount: newlinesIn(Buffer.from(text.slice(start, at))) + 1 };
    }
  }

  #checkFields(row: string[]): void {
    const huge = row.findIndex((field) => field.length > FIELD_CHARACTERS_MAX);
    if (huge < 0) return;
    const limit = FIELD_CHARACTERS_MAX.toLocaleString('en');
    throw this.#refuse(this.#line, `field ${huge + 1} has more than ${limit} characters`);
  }

  #refuse(line: number, detail: string) {
    return importErrors.bad_line({ file: this.#file, line, detail });
  }
}

const CARRIAGE_RETURN = 13;
const TOO_LONG = `is longer than ${ROW_CHARACTERS_MAX.toLocaleString('en')} characters: is a quote left open?`;
const NOT_UTF8 =
  'is not valid UTF-8: save the file as UTF-8, or set "encoding" to "windows-1252" in the mapping';

/** A line without a quote. Slicing between the delimiters takes two thirds of the time that `split` does. */
function plainRow(text: string, start: number, end: number, delimiter: string): string[] {
  const row: string[] = [];
  for (let at = start; ;) {
    const next = text.indexOf(delimiter, at);
    if (next < 0 || next > end) {
      row.push(text.slice(at, end));
      return row;
    }
    row.push(text.slice(at, next));
    at = next + 1;
  }
}

/** The quote that ends a quoted field: two in a row stand for one of its text. */
function closingQuote(text: string, from: number, quote: string): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 2)) {
    if (text.charAt(at + 1) !== quote) return at;
  }
  return -1;
}

function endOfField(text: string, from: number, delimiter: string): number {
  const newline = text.indexOf('\n', from);
  const end = newline < 0 ? text.length : newline;
  const next = text.indexOf(delimiter, from);
  if (next >= 0 && next < end) return next;
  return text.charCodeAt(end - 1) === CARRIAGE_RETURN && end > from ? end - 1 : end;
}

/** Where the first byte sequence lies that is no UTF-8: halving the text finds its line in a few steps. */
function invalidAt(bytes: Buffer): number {
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); ; end = bytes.indexOf(NEWLINE, start)) {
    const stop = end < 0 ? bytes.length : end;
    if (!isUtf8(bytes.subarray(start, stop)) || end < 0) return start;
    start = stop + 1;
  }
}
