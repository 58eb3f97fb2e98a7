import { hash } from 'node:crypto';
import { type Carrier, CarrierRefusal } from './carrier.ts';

/**
 * The carrier `test`: takes every parcel, gives numbers that are always the same for a parcel, and says by itself that it
 * was delivered. A buyer called Nobody is not delivered to, so that a refusal can be seen.
 */
export const testCarrier: Carrier = {
  name: 'test',
  async label({ reference, to }) {
    if (to.name === 'Nobody') throw new CarrierRefusal('nobody lives there');
    const digits = BigInt(`0x${hash('sha256', reference).slice(0, 12)}`);
    const trackingNumber = `TEST${String(digits % 10n ** 12n).padStart(12, '0')}`;
    return { trackingNumber, trackingUrl: null, labelUrl: null };
  },
};
