import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { correct, type Location, locations, receive } from '#modules/inventory/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { actorOf } from './stock-actor.ts';
import { Costs } from './stock-costs.tsx';
import { stockFaultIn } from './stock-fault.ts';
import { PlaceSelect } from './stock-fields.tsx';
import { LINES_MAX, linesOfFile, type LinesWish } from './stock-lines.ts';
import {
  faultAt,
  FaultNotice,
  faultWith,
  minorIn,
  STOCK_WRITERS,
  StockShell,
  type StockFault,
} from './stock-shell.tsx';
import { takeUploads, type Uploaded, uploadIn } from './upload.ts';

const FILE_BYTES_MAX = 512 * 1024;
const NAME_MAX = 64;

type Kind = 'count' | 'delivery';

interface Typed {
  name: string;
  location: string;
  freight: string;
  duty: string;
}

type Upload = Typed & Uploaded;

interface View {
  kind: Kind;
  places: Location[];
  currency: string;
  typed: Typed;
  fault: StockFault | undefined;
}

const BLANK: Typed = { name: '', location: '', freight: '', duty: '' };

/** Counts and deliveries from a sheet: the whole file is booked, or nothing of it. */
export const stockFilePages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  await takeUploads(app, { fileSize: FILE_BYTES_MAX, fieldSize: 1000 });
  for (const kind of ['count', 'delivery'] as const) {
    const address = `/desk/stock/${kind}`;
    const show = async (reply: FastifyReply, typed: Typed, fault?: StockFault) => {
      const [places, currency] = await Promise.all([locations(deps.reads), marketplaceCurrency(deps.reads)]);
      if (fault) void reply.code(fault.status);
      const view = { kind, places, currency, typed, fault };
      return reply.page((about) => <FilePage page={about} view={view} />);
    };
    app.get(address, page(STOCK_WRITERS), async (_request, reply) => show(reply, BLANK));
    app.post(address, page(STOCK_WRITERS), async (request, reply) => {
      const upload = await uploadIn(request, BLANK);
      const fault = await book(deps, kind, upload, actorOf(request.viewer));
      if (fault) return show(reply, upload, fault);
      return sendOn(reply, address, kind === 'count' ? 'desk.stock.counted' : 'desk.stock.delivered');
    });
  }
};

async function book(
  { db, reads, now }: Deps,
  kind: Kind,
  upload: Upload,
  by: { actorId?: string },
): Promise<StockFault | undefined> {
  const currency = await marketplaceCurrency(reads);
  const place = (await locations(reads)).find(({ code }) => code === upload.location);
  const [freightMinor, dutyMinor] = [upload.freight, upload.duty].map((text) =>
    minorIn(text.trim() || '0', currency),
  );
  const name = upload.name.trim();
  if (name === '' || name.length > NAME_MAX) return faultWith('name', t(`desk.stock.fault.name.${kind}`));
  if (!place) return faultWith('location', t('desk.stock.fault.location'));
  if (freightMinor === undefined) return faultWith('freight', t('desk.stock.fault.amount', { currency }));
  if (dutyMinor === undefined) return faultWith('duty', t('desk.stock.fault.amount', { currency }));
  if (upload.isTooLarge)
    return faultWith('file', t('desk.stock.fault.file_size', { kilobytes: FILE_BYTES_MAX / 1024 }));
  if (!upload.file) return faultWith('file', t('desk.stock.fault.file'));
  const lines = await linesOfFile(reads, upload.file, wishOf(kind, currency));
  if ('status' in lines) return lines;
  // By its name, so that the same file sent again is the same count or delivery.
  const id = idOf(`desk:${kind}:${place.id}`, name);
  const locationId = place.id;
  const write = (tx: Tx) =>
    kind === 'count'
      ? correct(tx, { id, kind, lines: lines.map((line) => ({ ...line, locationId })), ...by }, now())
      : receive(tx, { id, locationId, lines, freightMinor, dutyMinor, ...by }, now());
  const fault = await stockFaultIn(reads, () => inTransaction(db, write));
  return fault?.isSpent ? { ...faultWith('name', t(`desk.stock.fault.known.${kind}`)), status: 409 } : fault;
}

const wishOf = (kind: Kind, currency: string): LinesWish =>
  kind === 'count'
    ? { columns: ['sku', 'quantity'], least: 0, currency }
    : { columns: ['sku', 'quantity', 'unit_cost'], least: 1, currency };

function FilePage({ page: about, view }: { page: Page; view: View }) {
  const { kind, places, currency, typed, fault } = view;
  return (
    <StockShell page={about} title={t(`desk.stock.${kind}`)} lead={t(`desk.stock.${kind}.lead`)}>
      <section class="admin-form stock-form" aria-label={t(`desk.stock.${kind}`)}>
        <FaultNotice fault={fault} />
        <form method="post" action={`/desk/stock/${kind}`} enctype="multipart/form-data" class="form">
          <Field
            name="name"
            label={t(`desk.stock.${kind}.name`)}
            hint={t(`desk.stock.${kind}.name.hint`)}
            value={typed.name}
            required
            error={faultAt(fault, 'name')}
            input={{ maxlength: NAME_MAX, autocomplete: 'off' }}
          />
          <PlaceSelect places={places} value={typed.location} fault={fault} />
          {kind === 'delivery' && <Costs typed={typed} currency={currency} fault={fault} />}
          <Field
            name="file"
            type="file"
            label={t('desk.stock.file')}
            hint={t('desk.stock.file.hint', {
              columns: wishOf(kind, currency).columns.join(', '),
              max: about.format.number(LINES_MAX),
            })}
            required
            error={faultAt(fault, 'file')}
            input={{ accept: '.csv,text/csv,text/plain' }}
          />
          <div class="actions">
            <Button>{t('desk.stock.book.button')}</Button>
          </div>
        </form>
      </section>
    </StockShell>
  );
}
