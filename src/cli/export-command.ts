import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StartFault } from '#platform/start-fault.ts';
import { fileOf } from '#read/exports/files.ts';
import { type ExportFormat, FORMATS } from '#read/exports/formats.ts';
import type { Ledger } from '#read/exports/ledger.ts';
import { ledgerNamed, LEDGERS } from '#read/exports/ledgers.ts';
import type { ExportDeps } from '#read/exports/rows.ts';
import { inSession } from './session.ts';

export interface ExportOptions {
  from?: string;
  to?: string;
  at?: string;
  after?: string;
  out?: string;
  format?: string;
  personal?: boolean;
}

type Question = Parameters<typeof fileOf>[3];

/** `stoa export LEDGER --out FILE`, and `stoa export all --out FOLDER` with a manifest of what is in it. */
export async function exportCommand(name: string, options: ExportOptions): Promise<void> {
  const { out } = options;
  if (typeof out !== 'string') throw new StartFault('Say where to: stoa export orders --out orders.csv.');
  const format = formatOf(options);
  const question = questionOf(options);
  const isAll = name === 'all';
  if (!isAll && !LEDGERS.some((each) => each.name === name))
    throw new StartFault(
      `There is no ledger ${name}: it is all, or one of ${LEDGERS.map((each) => each.name).join(', ')}.`,
    );
  await inSession('export', async ({ deps }) => {
    if (isAll) await exportAll(deps, out, format, question);
    else {
      const { rows } = await write(deps, ledgerNamed(name), out, format, question);
      process.stdout.write(`${out}: ${rows.toLocaleString('en')} rows.\n`);
    }
  });
}

async function exportAll(
  deps: ExportDeps,
  folder: string,
  format: ExportFormat,
  question: Question,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const files: object[] = [];
  for (const ledger of LEDGERS) {
    const file = `${ledger.name}.${format === 'csv' ? 'csv' : 'ndjson'}`;
    const isTimed = ledger.at !== undefined;
    const narrowed = { ...question, ...(!isTimed && { from: undefined, to: undefined }) };
    const at = ledger.isOfMoment ? question.at : undefined;
    const written = await write(deps, ledger, join(folder, file), format, { ...narrowed, at });
    files.push({ ledger: ledger.name, file, ...written });
    process.stdout.write(`${file}: ${written.rows.toLocaleString('en')} rows.\n`);
  }
  const { from, to } = question;
  const manifest = { madeAt: deps.now(), from: from ?? null, to: to ?? null, files };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Streams a ledger into a file; answers how much it is, and its digest. */
async function write(
  deps: ExportDeps,
  ledger: Ledger,
  path: string,
  format: ExportFormat,
  question: Question,
): Promise<{ rows: number; bytes: number; sha256: string }> {
  const digest = createHash('sha256');
  let [rows, bytes] = [0, 0];
  async function* texts() {
    for await (const part of fileOf(deps, ledger, format, question, new AbortController().signal)) {
      rows += part.rows;
      if (part.text) yield part.text;
    }
  }
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(Readable.from(texts()), counting, createWriteStream(path));
  return { rows, bytes, sha256: digest.digest('hex') };
}

function formatOf({ format, out }: ExportOptions): ExportFormat {
  const named = format ?? (/\.(nd)?json$/.test(out ?? '') ? 'json' : 'csv');
  const known = FORMATS.find((each) => each === named);
  if (!known) throw new StartFault(`There is no format ${named}: it is ${FORMATS.join(' or ')}.`);
  return known;
}

function questionOf({ from, to, at, after, personal = false }: ExportOptions): Question {
  const moment = (name: string, text: string | undefined) => {
    if (text === undefined) return undefined;
    const read = new Date(text);
    if (Number.isNaN(read.getTime()))
      throw new StartFault(`--${name} is a moment like 2026-05-01 or 2026-05-01T12:00:00Z.`);
    return read;
  };
  return {
    from: moment('from', from),
    to: moment('to', to),
    at: moment('at', at),
    after,
    isPersonal: personal,
  };
}
