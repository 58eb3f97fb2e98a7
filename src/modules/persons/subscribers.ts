import { orderPlaced } from '#events/orders.ts';
import { subscribe } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import { membersOfCustomers } from '../identity/index.ts';
import { addEvidence } from './evidence.ts';
import { customerNode, memberNode } from './nodes.ts';

/** A member who buys is that customer: our own ledger says so. */
export const memberBought = subscribe(
  orderPlaced,
  'persons.join_customer',
  async (tx, { customerId, occurredAt }) => {
    if (customerId === null) return;
    const memberId = (await membersOfCustomers(tx, [customerId])).get(customerId);
    if (memberId === undefined) return;
    await addEvidence(tx, [
      {
        id: idOf('persons:order', [customerId, memberId].join('\0')),
        kind: 'order',
        from: customerNode(customerId),
        to: memberNode(memberId),
        isStrong: true,
        saidBy: 'ledger',
        seenAt: new Date(occurredAt),
      },
    ]);
  },
);
