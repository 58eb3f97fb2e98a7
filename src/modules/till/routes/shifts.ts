import { Type } from 'typebox';
import { mayEnter, TILL, type Viewer } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Amount, Counts, DrawerEntry, OrNull, Paid, Reason, Shift } from '../answers.ts';
import { payBackCash, payInOrOut } from '../drawer.ts';
import { tillErrors } from '../errors.ts';
import { closeShift, entriesOf, openShift, refuseOthersShift, shiftById, shiftsOf } from '../shifts.ts';
import type { Shift as OneShift } from '../shifts.ts';

type Routes = NonNullable<Module['routes']>;

const access = { config: { access: TILL } };
const Params = exactly({ shiftId: Id });
const isOverseer = (viewer: Viewer) => mayEnter(viewer, 'staff:operations');

const openingRoutes: Routes = async (app, { db, now }) => {
  app.put(
    '/shifts/:shiftId',
    {
      ...access,
      schema: {
        operationId: 'openShift',
        summary: 'Opens a register’s drawer with its float',
        params: Params,
        body: exactly({ registerId: Id, floatMinor: Amount, counts: Type.Optional(Counts) }),
        response: {
          200: Shift,
          ...problems(
            tillErrors.register_not_found,
            tillErrors.shift_open,
            tillErrors.shift_differs,
            tillErrors.counts_differ,
          ),
        },
      },
    },
    async ({ params: { shiftId: id }, body, viewer: { memberId = '' } }) =>
      told(await inTransaction(db, (tx) => openShift(tx, { id, ...body, memberId }, now()))),
  );

  app.put(
    '/shifts/:shiftId/entries/:entryId',
    {
      ...access,
      schema: {
        operationId: 'payIntoDrawer',
        summary: 'Money put into the drawer or taken out for another reason than a sale',
        params: exactly({ shiftId: Id, entryId: Id }),
        body: exactly({ kind: Type.Enum(['paid_in', 'paid_out']), amountMinor: Paid, reason: Reason }),
        response: {
          200: Type.Object({}),
          ...problems(
            tillErrors.shift_not_found,
            tillErrors.shift_closed,
            tillErrors.shift_of_another,
            tillErrors.entry_differs,
            tillErrors.drawer_too_small,
          ),
        },
      },
    },
    async ({ params: { shiftId, entryId: id }, body, viewer }) => {
      const { memberId: actorId = '' } = viewer;
      await inTransaction(db, async (tx) => {
        await refuseOthersShift(tx, shiftId, actorId, isOverseer(viewer));
        await payInOrOut(tx, { id, shiftId, ...body, actorId }, now());
      });
      return {};
    },
  );
};

const drawerRoutes: Routes = async (app, { db, now }) => {
  app.put(
    '/shifts/:shiftId/close',
    {
      ...access,
      schema: {
        operationId: 'closeShift',
        summary: 'Ends a shift with what was counted, and tells by how much it differs',
        params: Params,
        body: exactly({
          countedMinor: Amount,
          counts: Type.Optional(Counts),
        }),
        response: {
          200: Shift,
          ...problems(
            tillErrors.shift_not_found,
            tillErrors.shift_closed,
            tillErrors.shift_of_another,
            tillErrors.counts_differ,
          ),
        },
      },
    },
    async ({ params: { shiftId }, body: { countedMinor, counts }, viewer }) => {
      const { memberId = '' } = viewer;
      const closed = await inTransaction(db, async (tx) => {
        await refuseOthersShift(tx, shiftId, memberId, isOverseer(viewer));
        return closeShift(tx, { shiftId, countedMinor, counts, memberId }, now());
      });
      return told(closed);
    },
  );

  app.post(
    '/cash-refunds',
    {
      ...access,
      schema: {
        operationId: 'payBackCash',
        summary: 'Pays out of the drawer what was given back in cash for an order and no drawer has paid yet',
        body: exactly({ registerId: Id, orderId: Id }),
        response: {
          200: Type.Object({ amountMinor: Type.Integer() }),
          ...problems(
            tillErrors.register_not_found,
            tillErrors.no_open_shift,
            tillErrors.drawer_too_small,
            tillErrors.drawer_currency,
          ),
        },
      },
    },
    ({ body, viewer: { memberId: actorId = '' } }) =>
      inTransaction(db, (tx) => payBackCash(tx, { ...body, actorId }, now())),
  );
};

const closingRoutes: Routes = async (app, { reads }) => {
  app.get(
    '/shifts/:shiftId',
    {
      ...access,
      schema: {
        operationId: 'getShift',
        summary: 'A shift with all that went into its drawer and out of it',
        params: Params,
        response: {
          200: Type.Object({ ...Shift.properties, entries: Type.Array(DrawerEntry) }),
          ...problems(tillErrors.shift_not_found),
        },
      },
    },
    async ({ params: { shiftId } }) => {
      const shift = told(await shiftById(reads, shiftId));
      const entries = await entriesOf(reads, shiftId);
      return {
        ...shift,
        entries: entries.map((each) => ({ ...each, enteredAt: each.enteredAt.toISOString() })),
      };
    },
  );

  app.get(
    '/registers/:registerId/shifts',
    {
      ...access,
      schema: {
        operationId: 'listShifts',
        summary: 'A register’s shifts, the latest first',
        params: exactly({ registerId: Id }),
        querystring: exactly({ after: Type.Optional(Id) }),
        response: { 200: Type.Object({ shifts: Type.Array(Shift), cursor: OrNull(Id) }) },
      },
    },
    async ({ params: { registerId }, query: { after } }) => {
      const { shifts, cursor } = await shiftsOf(reads, registerId, after);
      return { shifts: shifts.map(told), cursor };
    },
  );
};

export const shiftRoutes: Routes = async (app, deps) => {
  await openingRoutes(app, deps);
  await drawerRoutes(app, deps);
  await closingRoutes(app, deps);
};

export const told = (shift: OneShift) => ({
  ...shift,
  openedAt: shift.openedAt.toISOString(),
  closedAt: shift.closedAt?.toISOString() ?? null,
});
