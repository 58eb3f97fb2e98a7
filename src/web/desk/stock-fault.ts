import type { Db } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { variantNames } from '#read/stock-list.ts';
import { t } from '../messages.ts';
import type { StockFault } from './stock-shell.tsx';

/** Does the work of a form. A refusal that its sender can mend comes back as a fault; any other is thrown on. */
export async function stockFaultIn(db: Db, work: () => Promise<void>): Promise<StockFault | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const text = error instanceof AppError ? await textOf(db, error) : undefined;
    if (!(error instanceof AppError) || text === undefined) throw error;
    return { status: error.status, text, isSpent: error.code.endsWith('_differs') };
  }
}

async function textOf(db: Db, { code, data }: AppError): Promise<string | undefined> {
  switch (code) {
    case 'inventory.insufficient_stock':
      return tooMany(db, data as { variantId: string; wanted: number });
    case 'inventory.place_unknown':
      return t('desk.stock.fault.place');
    case 'inventory.release_not_ahead':
      return t('desk.selling.fault.release');
    case 'inventory.more_is_promised':
      return t('desk.selling.fault.promised');
    case 'inventory.same_place':
      return t('desk.stock.fault.same_place');
    case 'inventory.more_than_was_sent':
      return t('desk.stock.fault.more_than_sent');
    case 'inventory.purchase_differs':
      return t('desk.stock.fault.number_taken');
    case 'inventory.purchase_closed':
      return t('desk.stock.purchase.fault.closed');
    case 'inventory.date_not_ahead':
      return t('desk.stock.purchase.fault.date');
    case 'inventory.date_differs':
    case 'inventory.correction_differs':
    case 'inventory.delivery_differs':
    case 'inventory.transfer_differs':
      return t('desk.stock.fault.spent');
    default:
      return undefined;
  }
}

async function tooMany(
  db: Db,
  { variantId, wanted }: { variantId: string; wanted: number },
): Promise<string> {
  const sku = (await variantNames(db, [variantId])).get(variantId)?.sku ?? '';
  return t('desk.stock.fault.insufficient', { wanted: Math.abs(wanted), sku });
}
