import { Type } from 'typebox';
import { PERSONAL_READERS } from '#platform/access.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { fulfilmentErrors } from '../errors.ts';
import { printLabels, printSlip } from '../print.ts';
import { ById } from './schemas.ts';

/** They bear the buyer's name and address. */
const READERS = [...PERSONAL_READERS, 'scope:fulfilment:read'] as const;
const { fulfilment_order_not_found, shipment_not_found } = fulfilmentErrors;

export const paperRoutes: NonNullable<Module['routes']> = async (app, { db, config }) => {
  app.get(
    '/fulfilment-orders/:id/packing-slip',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getPackingSlip',
        params: ById,
        response: {
          200: {
            description: 'A PDF',
            content: { 'application/pdf': { schema: Type.Unsafe<Buffer>({ type: 'string' }) } },
          },
          ...problems(fulfilment_order_not_found),
        },
      },
    },
    async ({ params: { id } }, reply) =>
      reply.type('application/pdf').send(await printSlip(db, id, config.shopName)),
  );

  app.get(
    '/shipments/:id/label',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getLabel',
        description: 'The labels of its parcels as a PDF. A carrier’s own are at `labelUrl` of each parcel.',
        params: ById,
        response: {
          200: {
            description: 'A PDF',
            content: { 'application/pdf': { schema: Type.Unsafe<Buffer>({ type: 'string' }) } },
          },
          ...problems(shipment_not_found, fulfilmentErrors.label_not_ready),
        },
      },
    },
    async ({ params: { id } }, reply) => reply.type('application/pdf').send(await printLabels(db, id)),
  );
};
