import { orderPlaced } from '#events/orders.ts';
import { subscribeToLots } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import { membersOfCustomers } from '../identity/index.ts';
import { addEvidence, type Evidence } from './evidence.ts';
import { customerNode, memberNode } from './nodes.ts';

/** A member who buys is that customer: our own ledger says so. */
export const memberBought = subscribeToLots(orderPlaced, 'persons.join_customer', async (tx, told) => {
  const customers = told.flatMap(({ payload: { customerId } }) => (customerId === null ? [] : [customerId]));
  const members = await membersOfCustomers(tx, customers);
  const evidence = told.flatMap(({ payload: { customerId, occurredAt } }): Evidence[] => {
    const memberId = customerId === null ? undefined : members.get(customerId);
    if (customerId === null || memberId === undefined) return [];
    const of = { from: customerNode(customerId), to: memberNode(memberId), seenAt: new Date(occurredAt) };
    const id = idOf('persons:order', [customerId, memberId].join('\0'));
    return [{ id, kind: 'order', ...of, isStrong: true, saidBy: 'ledger' }];
  });
  if (evidence.length > 0) await addEvidence(tx, evidence);
});
