import { toBuffer } from 'bwip-js/node';
import PDFDocument from 'pdfkit';
import type { Db } from '#platform/db.ts';
import { locations } from '../inventory/index.ts';
import { type Order, readOrder } from '../orders/index.ts';
import type { Place } from './carrier.ts';
import { fulfilmentErrors } from './errors.ts';
import { fulfilmentOrderById } from './fulfilment-order.ts';
import { text } from './mail-texts.ts';
import { endsOf } from './parcel-ends.ts';
import { shipmentById } from './shipment.ts';

const MM = 72 / 25.4;
const MARGIN = 18 * MM;
/** A label of 100 × 150 mm: what label printers hold. */
const LABEL = { width: 100 * MM, height: 150 * MM, margin: 7 * MM };

type Paper = InstanceType<typeof PDFDocument>;

/** The slip that goes into the parcel, A4: what is in it, for whom, from where. */
export async function packingSlip(db: Db, fulfilmentOrderId: string, shopName: string): Promise<Buffer> {
  const part = await fulfilmentOrderById(db, fulfilmentOrderId);
  const order = await readOrder(db, part.orderId);
  const from = (await locations(db)).find(({ id }) => id === part.locationId);
  const code = await qrCode(part.id);
  const units = new Map(part.lines.map(({ orderLineId, remaining }) => [orderLineId, remaining]));
  return drawn({ size: 'A4', margin: MARGIN }, (paper) => {
    paper.image(code, paper.page.width - MARGIN - 28 * MM, MARGIN, { width: 28 * MM });
    paper.font('Helvetica-Bold').fontSize(18).text(shopName);
    paper.fontSize(13).text(text('slip.title'));
    const day = order.placedAt.toISOString().slice(0, 10);
    paper
      .font('Helvetica')
      .fontSize(10)
      .text(text('slip.order', { number: order.number, day }));
    paper.moveDown(2);
    const top = paper.y;
    block(paper, text('slip.to'), order.address ? linesOfPlace(order.address) : [text('slip.nobody')]);
    if (from) {
      paper.y = top;
      block(paper, text('slip.from'), linesOfPlace({ ...from, phone: '', email: '' }), paper.page.width / 2);
    }
    paper.y = top + 40 * MM;
    goods(paper, order, units);
  });
}

function goods(paper: Paper, { lines }: Order, units: ReadonlyMap<string, number>): void {
  const width = paper.page.width - 2 * MARGIN;
  const row = (cells: readonly [string, string], isHead: boolean) => {
    if (paper.y > paper.page.height - MARGIN - 12 * MM) paper.addPage();
    const top = paper.y;
    paper.font(isHead ? 'Helvetica-Bold' : 'Helvetica').fontSize(10);
    paper.text(cells[1], MARGIN, top, { width: 18 * MM });
    paper.text(cells[0], MARGIN + 20 * MM, top, { width: width - 20 * MM });
    const bottom = paper.y + 2 * MM;
    paper
      .moveTo(MARGIN, bottom)
      .lineTo(MARGIN + width, bottom)
      .lineWidth(0.5)
      .stroke('#999999');
    paper.fillColor('black');
    paper.y = bottom + 2 * MM;
  };
  row([text('slip.what'), text('slip.quantity')], true);
  for (const { id, title, options } of lines) {
    const quantity = units.get(id) ?? 0;
    if (quantity > 0) row([[title, options].filter(Boolean).join(', '), String(quantity)], false);
  }
}

/** The labels of a shipment's parcels, a page each, for carriers that draw none: with the tracking number as a bar code. */
export async function labels(db: Db, shipmentId: string): Promise<Buffer> {
  const { parcels } = await shipmentById(db, shipmentId);
  const ends = await endsOf(db, shipmentId);
  if (!ends || parcels.some(({ trackingNumber }) => trackingNumber === null))
    throw fulfilmentErrors.label_not_ready({ shipmentId });
  const codes = await Promise.all(parcels.map(({ trackingNumber }) => barCode(trackingNumber ?? '')));
  const { width, height, margin } = LABEL;
  return drawn({ size: [width, height], margin }, (paper) => {
    for (const [index, { position, weightGrams }] of parcels.entries()) {
      if (index > 0) paper.addPage();
      const count = parcels.length;
      paper.font('Helvetica').fontSize(9);
      paper.text(text('label.title', { position, count }));
      paper.text(text('label.weight', { kilograms: (weightGrams / 1000).toFixed(2) })).moveDown();
      block(paper, text('slip.from'), linesOfPlace(ends.from));
      paper.moveDown(1.5);
      block(paper, text('slip.to'), linesOfPlace(ends.to), margin, 13);
      const code = codes[index];
      if (code) paper.image(code, margin, height - margin - 32 * MM, { fit: [width - 2 * margin, 30 * MM] });
    }
  });
}

function block(
  paper: Paper,
  title: string,
  lines: readonly string[],
  x = paper.page.margins.left,
  size = 10,
) {
  paper.font('Helvetica-Bold').fontSize(8).text(title, x, paper.y);
  paper.font('Helvetica').fontSize(size);
  for (const line of lines) paper.text(line, x);
}

/** The fonts that every PDF reader has know the letters of Western Europe; others are shown as they are written there. */
const linesOfPlace = ({ name, street, postcode, city, countryCode }: Place): string[] =>
  [name, street, `${postcode} ${city}`, countryCode].filter((line) => line.trim() !== '');

const barCode = (number: string): Promise<Buffer> =>
  toBuffer({ bcid: 'code128', text: number, scale: 3, height: 18, includetext: true, textxalign: 'center' });

const qrCode = (value: string): Promise<Buffer> => toBuffer({ bcid: 'qrcode', text: value, scale: 4 });

function drawn(options: PDFKit.PDFDocumentOptions, draw: (paper: Paper) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const paper = new PDFDocument(options);
    const chunks: Buffer[] = [];
    paper.on('data', (chunk: Buffer) => chunks.push(chunk));
    paper.on('end', () => resolve(Buffer.concat(chunks)));
    paper.on('error', reject);
    draw(paper);
    paper.end();
  });
}
