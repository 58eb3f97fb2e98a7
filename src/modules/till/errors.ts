import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const Id = Type.String();
const None = Type.Object({});
const Minor = Type.Integer();

export const tillErrors = defineErrors('till', {
  register_not_found: {
    status: 404,
    title: 'There is no such register, or it is not in use',
    data: Type.Object({ registerId: Id }),
  },
  register_name_taken: {
    status: 409,
    title: 'That store has a register of that name',
    data: Type.Object({ name: Type.String() }),
  },
  register_needs_store: {
    status: 422,
    title: 'A register stands in one of the stores',
    data: Type.Object({ locationId: Id }),
  },
  register_currency: {
    status: 409,
    title: 'A register’s drawer keeps its currency',
    data: Type.Object({ currency: Type.String() }),
  },
  register_has_sold: {
    status: 409,
    title: 'A register that has been opened stays in its store: add another there',
    data: Type.Object({ registerId: Id }),
  },
  register_open: {
    status: 409,
    title: 'The register’s drawer is open: count and close it first',
    data: Type.Object({ registerId: Id }),
  },
  no_open_shift: {
    status: 409,
    title: 'The register is closed: open its drawer first',
    data: Type.Object({ registerId: Id }),
  },
  shift_open: {
    status: 409,
    title: 'The register’s drawer is open already',
    data: Type.Object({ shiftId: Id }),
  },
  shift_not_found: { status: 404, title: 'There is no such shift', data: Type.Object({ shiftId: Id }) },
  shift_differs: {
    status: 409,
    title: 'That shift exists with another register or float',
    data: Type.Object({ shiftId: Id }),
  },
  shift_closed: { status: 409, title: 'The shift is closed', data: Type.Object({ shiftId: Id }) },
  shift_of_another: {
    status: 403,
    title: 'The shift is a colleague’s: they close it, or operations',
    data: Type.Object({ shiftId: Id }),
  },
  entry_differs: {
    status: 409,
    title: 'That entry exists with other content',
    data: Type.Object({ entryId: Id }),
  },
  drawer_too_small: {
    status: 409,
    title: 'There is not that much in the drawer',
    data: Type.Object({ wantedMinor: Minor, expectedMinor: Minor }),
  },
  drawer_currency: {
    status: 409,
    title: 'The order was paid in another currency than lies in this drawer',
    data: Type.Object({ currency: Type.String() }),
  },
  counts_differ: {
    status: 422,
    title: 'The pieces do not add up to what was counted',
    data: Type.Object({ sumMinor: Minor, countedMinor: Minor }),
  },
  sale_differs: {
    status: 409,
    title: 'That sale exists with other content',
    data: Type.Object({ saleId: Id }),
  },
  taken_differs: {
    status: 409,
    title: 'Those goods were taken in with other content',
    data: Type.Object({ requestId: Id }),
  },
  payments_differ: {
    status: 422,
    title: 'The payments do not come to the total',
    data: Type.Object({ totalMinor: Minor, paidMinor: Minor }),
  },
  tendered_too_little: {
    status: 422,
    title: 'Less was given than is to be paid in cash',
    data: Type.Object({ amountMinor: Minor, tenderedMinor: Minor }),
  },
  code_unknown: {
    status: 404,
    title: 'Nothing here has that code',
    data: Type.Object({ code: Type.String() }),
  },
  line_twice: {
    status: 422,
    title: 'A thing stands in one line',
    data: Type.Object({ variantId: Id }),
  },
  customer_unknown: { status: 422, title: 'No member has that address or code', data: None },
  associate_unknown: {
    status: 422,
    title: 'That is nobody who sells here',
    data: Type.Object({ associateId: Id }),
  },
  sold_in_the_future: { status: 422, title: 'A sale was made before it is told', data: None },
  sold_too_long_ago: {
    status: 422,
    title: 'The sale is too old to be entered by itself',
    data: Type.Object({ daysMax: Type.Integer() }),
  },
  not_agreed: {
    status: 422,
    title: 'Only what is sold over the counter can have been sold without a connection',
    data: None,
  },
  parked_not_found: { status: 404, title: 'There is no such basket', data: Type.Object({ parkedId: Id }) },
  parked_taken: {
    status: 409,
    title: 'Another register has taken that basket',
    data: Type.Object({ parkedId: Id }),
  },
  parked_differs: {
    status: 409,
    title: 'That basket was parked with other content',
    data: Type.Object({ parkedId: Id }),
  },
  conflict_not_found: {
    status: 404,
    title: 'There is no such conflict',
    data: Type.Object({ conflictId: Id }),
  },
  variant_not_found: {
    status: 404,
    title: 'There is no such variant',
    data: Type.Object({ variantId: Id }),
  },
});
