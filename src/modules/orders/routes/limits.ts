import type { FastifyRequest } from 'fastify';

const client = ({ viewer, ip }: FastifyRequest): string => viewer.memberId ?? viewer.keyId ?? ip;
const MINUTE_MS = 60_000;

/**
 * How often one client may, in each process: a member, a machine with a key, or a guest's network address. More than
 * a household or an honest till does; a script that grabs stock or tries out cards is stopped.
 */
export const CART_WRITES = { max: 300, timeWindow: MINUTE_MS, groupId: 'cart', keyGenerator: client };
export const ORDERS_PLACED = { max: 60, timeWindow: MINUTE_MS, groupId: 'order', keyGenerator: client };
