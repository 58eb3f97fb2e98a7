import { Type } from 'typebox';
import type { Module } from '#platform/module.ts';
import { changedOrders } from '../changed-orders.ts';
import { lastAddressOf } from '../last-address.ts';
import { ordersOfAll, ordersOfMember } from '../order.ts';
import { Address, ChangePaging, OrderPage, Paging, withTimes } from './schemas.ts';

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
    '/last-address',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'getLastAddress',
        description:
          'Where the member had the last thing sent that was no gift, and by which way, for an order in one step. Nulls where there is none.',
        response: {
          200: Type.Object({
            address: Type.Union([Type.Object(Address.properties), Type.Null()]),
            deliveryCode: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async ({ viewer }) => {
      const last = await lastAddressOf(db, viewer.memberId ?? '');
      if (!last) return { address: null, deliveryCode: null };
      const { phone, ...address } = last.address;
      return { ...last, address: { ...address, ...(phone !== '' && { phone }) } };
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
