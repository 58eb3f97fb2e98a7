import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { type PriceList, priceListOf, type PriceOutcome, pricesInParts } from '#modules/catalog/index.ts';
import { actorOf } from '#modules/identity/index.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { t } from '../messages.ts';
import { page } from '../page.ts';
import { FilePage, type FileTold } from './price-file-view.tsx';
import { pricesOfSheet, type ReadPrices } from './price-sheet.ts';
import { PRICE_WRITERS, PRICES } from './prices.tsx';
import { faultWith, type StockFault } from './stock-shell.tsx';
import { takeUploads, type Uploaded, uploadIn } from './upload.ts';

const MEGABYTES_MAX = 2;
const FILE_BYTES_MAX = MEGABYTES_MAX * 1024 * 1024;
/** `sheet` is the file that was tried: its page brings it back, with line ends that may take two bytes now. */
const BLANK = { sheet: '' };

/** Prices from a sheet: tried first, then the same sheet set. Setting it twice is the same. */
export const priceFilePage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  await takeUploads(app, { fileSize: FILE_BYTES_MAX, fieldSize: 2 * FILE_BYTES_MAX + 1 });
  const address = `${PRICES}/:id/file`;
  const Params = exactly({ id: Id });
  const show = (
    reply: FastifyReply,
    list: PriceList,
    told: { fault?: StockFault; told?: FileTold; sheet?: string },
  ) => reply.page((about) => <FilePage page={about} list={list} {...told} />);

  app.get(address, page(PRICE_WRITERS, { params: Params }), async ({ params: { id } }, reply) =>
    show(reply, await priceListOf(db, id), {}),
  );

  app.post(address, page(PRICE_WRITERS, { params: Params }), async (request, reply) => {
    const { params, viewer, log } = request;
    const list = await priceListOf(db, params.id);
    const upload = await uploadIn(request, BLANK);
    const isTried = upload.sheet === '';
    const bytes = isTried ? fileOf(upload) : Buffer.from(upload.sheet);
    const read = 'status' in bytes ? bytes : pricesOfSheet(bytes, list.currency);
    if ('status' in read) return show(reply.code(read.status), list, { fault: read });
    const outcomes: PriceOutcome[] = [];
    let isStopped = false;
    try {
      const how = { now: now(), isTried };
      for await (const part of pricesInParts(db, actorOf(viewer), list.id, read.lines, how)) {
        outcomes.push(...part);
      }
    } catch (error) {
      if (isTried) throw error;
      log.error({ err: error, priceListId: list.id, lines: outcomes.length }, 'prices were set in part');
      isStopped = true;
      reply.code(500);
    }
    const told = toldOf(read, outcomes, { isTried, isStopped });
    return show(reply, list, {
      told,
      ...(isTried && Buffer.isBuffer(bytes) && { sheet: bytes.toString('utf8') }),
    });
  });
};

function fileOf({ file, isTooLarge }: Uploaded): Buffer | StockFault {
  if (isTooLarge) return faultWith('file', t('desk.prices.file.size', { megabytes: MEGABYTES_MAX }));
  return file ?? faultWith('file', t('desk.prices.file.none'));
}

function toldOf(
  { lines, lineOf, refused }: ReadPrices,
  outcomes: readonly PriceOutcome[],
  state: Pick<FileTold, 'isTried' | 'isStopped'>,
): FileTold {
  const counts = { added: 0, changed: 0, removed: 0, same: 0, refused: refused.length };
  const told: FileTold = {
    ...state,
    counts,
    changes: [],
    refused: [...refused],
    doneCount: outcomes.length,
    lineCount: lines.length,
  };
  for (const [n, outcome] of outcomes.entries()) {
    counts[outcome.outcome] += 1;
    const line = lineOf[n] ?? 0;
    const { sku, refusal } = outcome;
    if (refusal) told.refused.push({ line, text: t(`desk.prices.refusal.${refusal}`, { sku }) });
    else if (outcome.outcome !== 'same')
      told.changes.push({ line, ...outcome, compareAtMinor: lines[n]?.compareAtMinor ?? null });
  }
  told.refused.sort((a, b) => a.line - b.line);
  return told;
}
