import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { inventoryErrors } from '../errors.ts';
import {
  LIST_CURSOR,
  purchaseById,
  purchasesOf,
  type PurchaseSummary,
  transferById,
  transfersOf,
  type TransferSummary,
} from '../on-the-way.ts';
import { purchaseDatesOf } from '../purchase-dates.ts';
import { ById, Day, Moment, READERS } from './schemas.ts';

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);
const Units = Type.Integer();

const LISTED = 100;
const Paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.String({ pattern: LIST_CURSOR })),
};
const Cursor = orNull(Type.String());

const transfer = {
  id: Id,
  fromLocationId: Id,
  toLocationId: Id,
  sentAt: Moment,
  expectedOn: Day,
  receivedAt: orNull(Moment),
  note: Type.String(),
  units: Units,
  valueMinor: Units,
  receivedUnits: orNull(Units),
};
const TransferLine = Type.Object({
  variantId: Id,
  quantity: Units,
  valueMinor: Units,
  receivedQuantity: orNull(Units),
});
const purchase = {
  id: Id,
  number: Type.String(),
  supplier: Type.String(),
  locationId: Id,
  expectedOn: Day,
  closedAt: orNull(Moment),
  units: Units,
  receivedUnits: Units,
  costMinor: Units,
};
const PurchaseLine = Type.Object({
  variantId: Id,
  quantity: Units,
  unitCostMinor: Units,
  receivedQuantity: Units,
});

const PurchaseDate = Type.Object({
  id: Id,
  expectedBefore: Day,
  expectedOn: Day,
  reason: Type.String(),
  actorId: orNull(Id),
  changedAt: Moment,
});

const toldTransfer = <Row extends TransferSummary>({ sentAt, receivedAt, ...row }: Row) => ({
  ...row,
  sentAt: sentAt.toISOString(),
  receivedAt: receivedAt?.toISOString() ?? null,
});
const toldPurchase = <Row extends PurchaseSummary>({ closedAt, ...row }: Row) => ({
  ...row,
  closedAt: closedAt?.toISOString() ?? null,
});

/** What is on its way, and what came last of it: transfers, each with its lines by its id. */
export const transferReads: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/transfers',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listTransfers',
        description: 'Those on their way, the soonest first; or those that have come, the newest first.',
        querystring: exactly({ state: Type.Enum(['sent', 'received']), ...Paging }),
        response: { 200: Type.Object({ transfers: Type.Array(Type.Object(transfer)), cursor: Cursor }) },
      },
    },
    async ({ query: { state, limit = LISTED, cursor: after } }) => {
      const { transfers, cursor } = await transfersOf(db, state, { limit, cursor: after });
      return { transfers: transfers.map(toldTransfer), cursor };
    },
  );

  app.get(
    '/transfers/:id',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getTransfer',
        params: ById,
        response: {
          200: Type.Object({ ...transfer, lines: Type.Array(TransferLine) }),
          ...problems(inventoryErrors.transfer_not_found),
        },
      },
    },
    async ({ params: { id } }) => {
      const found = await transferById(db, id);
      if (!found) throw inventoryErrors.transfer_not_found({ transferId: id });
      return toldTransfer(found);
    },
  );
};

/** The same of purchases. */
export const purchaseReads: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/purchases',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listPurchases',
        description:
          'Those of which more is expected, the soonest first; or those that are closed, the newest first.',
        querystring: exactly({ state: Type.Enum(['open', 'closed']), ...Paging }),
        response: { 200: Type.Object({ purchases: Type.Array(Type.Object(purchase)), cursor: Cursor }) },
      },
    },
    async ({ query: { state, limit = LISTED, cursor: after } }) => {
      const { purchases, cursor } = await purchasesOf(db, state, { limit, cursor: after });
      return { purchases: purchases.map(toldPurchase), cursor };
    },
  );

  app.get(
    '/purchases/:id',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getPurchase',
        params: ById,
        response: {
          200: Type.Object({
            ...purchase,
            lines: Type.Array(PurchaseLine),
            dates: Type.Array(PurchaseDate, { description: 'how it was expected anew, the newest first' }),
          }),
          ...problems(inventoryErrors.purchase_not_found),
        },
      },
    },
    async ({ params: { id } }) => {
      const found = await purchaseById(db, id);
      if (!found) throw inventoryErrors.purchase_not_found({ purchaseId: id });
      const dates = await purchaseDatesOf(db, id);
      return {
        ...toldPurchase(found),
        dates: dates.map((date) => ({ ...date, changedAt: date.changedAt.toISOString() })),
      };
    },
  );
};
