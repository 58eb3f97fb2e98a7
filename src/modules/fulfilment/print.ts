import type { Db } from '#platform/db.ts';

/** What draws takes 45 MB: loaded with the first paper. */
const papers = () => import('./papers.ts');

/** The slip that goes into a parcel, as a PDF. It bears the buyer's name and address. */
export const printSlip = async (db: Db, fulfilmentOrderId: string, shopName: string): Promise<Buffer> =>
  (await papers()).packingSlip(db, fulfilmentOrderId, shopName);

/** The labels of a shipment's parcels, as a PDF. They bear the buyer's name and address. */
export const printLabels = async (db: Db, shipmentId: string): Promise<Buffer> =>
  (await papers()).labels(db, shipmentId);
