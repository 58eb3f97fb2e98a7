import type { Module } from '#platform/module.ts';
import { changedOrders } from '../changed-orders.ts';
import { ordersOfAll, ordersOfMember } from '../order.ts';
import { ChangePaging, OrderPage, Paging, withTimes } from './schemas.ts';

export const orderListRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/my-orders',
    {
      config: { access: 'member' },
      schema: { operationId: 'listMyOrders', querystring: Paging, response: { 200: OrderPage } },
    },
    async ({ viewer, query }) => {
      const { orders, cursor } = await ordersOfMember(db, viewer.memberId ?? '', query);
      return { orders: orders.map(withTimes), cursor };
    },
  );

  app.get(
    '/orders',
    {
      config: { access: ['staff', 'scope:orders:read'] },
      schema: { operationId: 'listOrders', querystring: ChangePaging, response: { 200: OrderPage } },
    },
    async ({ query: { updatedSince, ...paging } }) => {
      const { orders, cursor } =
        updatedSince === undefined
          ? await ordersOfAll(db, paging)
          : await changedOrders(db, new Date(updatedSince), paging);
      return { orders: orders.map(withTimes), cursor };
    },
  );
};
