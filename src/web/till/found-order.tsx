import type { FastifyRequest } from 'fastify';
import { type Order, orderOf } from '#modules/orders/index.ts';
import type { Db } from '#platform/db.ts';
import { scannedOrder } from '#read/scanned-order.ts';
import { Button } from '../components/Button.tsx';
import { touchpointName } from '../desk/touchpoints.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import type { Here } from './register-here.ts';
import { ScanField, scanIn } from './scan.tsx';

export interface ScanFault {
  status: number;
  text: string;
}

/** The order of a scan, as whoever stands at the till may see it: who bought it is not for everybody. */
export async function orderIn(
  db: Db,
  { viewer }: Pick<FastifyRequest, 'viewer'>,
  typed: string,
): Promise<Order | ScanFault | undefined> {
  const scan = scanIn(typed);
  if (!scan) return undefined;
  if ('fault' in scan) return { status: 422, text: scan.fault };
  const id = await scannedOrder(db, scan.text);
  if (id === undefined) return { status: 404, text: t('till.order.unknown', { code: scan.text }) };
  return orderOf(db, viewer, id);
}

interface FindProps {
  path: string;
  q: string;
  fault: ScanFault | undefined;
  label: string;
  /** An order is shown already: what is done with it comes first. */
  isFound?: boolean;
  /** False where the work with it has begun. */
  autofocus?: boolean;
}

export function FindOrder({ path, q, fault, label, isFound = false, autofocus = true }: FindProps) {
  return (
    <form method="get" action={path} class="form till-scan">
      <ScanField name="q" label={label} value={q} error={fault?.text} autofocus={autofocus} />
      <Button look={isFound ? 'plain' : 'primary'}>{t('till.order.button')}</Button>
    </form>
  );
}

/** Which order it is, and whose where that may be told. */
export function OrderHead({ order, here, format }: { order: Order; here: Here; format: Format }) {
  const { id, number, placedAt, touchpoint, address, totalMinor, currency } = order;
  return (
    <>
      <h2 id="order">
        <a href={`/orders/${id}`}>{t('order.title', { number })}</a>
      </h2>
      <p class="soft">
        {t('till.order.placed', {
          date: format.dateTime(placedAt, here.store.timeZone),
          touchpoint: touchpointName(touchpoint),
        })}{' '}
        · {t('till.order.total', { amount: format.money(totalMinor, currency) })}
      </p>
      {address && <p>{[address.name, address.city].filter(Boolean).join(', ')}</p>}
    </>
  );
}
