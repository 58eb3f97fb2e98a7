import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { takeDeliveryEvent } from '../delivery-events.ts';
import { checkSignature, deliveryEventIn } from '../easypost-events.ts';
import { fulfilmentErrors } from '../errors.ts';

const BODY_BYTES_MAX = 256 * 1024;

/** What carriers tell by themselves. Their signatures are over the bytes, so these are not parsed on the way. */
export const carrierEventRoutes: NonNullable<Module['routes']> = async (app, { db, config, now }) => {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX },
    (_request, body, done) => done(null, body),
  );

  app.post(
    '/carriers/easypost/events',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'takeEasyPostEvent',
        description:
          'EasyPost’s webhook, signed with EASYPOST_WEBHOOK_SECRET. Messages that are not about a parcel’s way are heard and dropped.',
        response: {
          200: Type.Object({ isTaken: Type.Boolean() }),
          ...problems(fulfilmentErrors.signature_wrong, fulfilmentErrors.parcel_not_found),
        },
      },
    },
    async ({ body, headers }) => {
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const signature = headers['x-hmac-signature'];
      const secret = config.easypost?.webhookSecret;
      if (secret === undefined || typeof signature !== 'string') throw fulfilmentErrors.signature_wrong({});
      checkSignature(bytes, signature, secret);
      const event = deliveryEventIn(bytes, now());
      if (event) await inTransaction(db, (tx) => takeDeliveryEvent(tx, event, now()));
      return { isTaken: event !== undefined };
    },
  );
};
